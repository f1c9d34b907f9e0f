using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Bounds;

/// <summary>Every top-level member is known, counted as text, or refused by name. None reaches a provider unchecked.</summary>
internal sealed class MemberTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Responses = "/v1/responses";
    private const string Embeddings = "/v1/embeddings";
    private BoundGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await BoundGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCase(Chat)]
    [TestCase(Responses)]
    [TestCase(Embeddings)]
    public async Task Member_ThatIsUnknown_PassesAndIsCountedAsText(string path)
    {
        const int Words = 200_000;
        var documents = string.Concat(Enumerable.Repeat("word ", Words));

        Assert.That(await _stage.HeldForAsync(path, With(path, $$"""  "documents" : [ {"text": "{{documents}}"} ]""")), Is.AtLeast(Words));
    }

    [TestCase("""["https://example.com/a.pdf"]""")]
    [TestCase("""[{"file_id":"file_1"}]""")]
    public async Task Member_ThatIsUnknownAndNamesContent_HoldsTheContextWindow(string documents) =>
        Assert.That(await _stage.HeldForAsync(Chat, With(Chat, $"\"documents\":{documents}")), Is.AtLeast(BoundGateway.Window));

    [TestCase("chat_template", "\"{{ messages * 1000 }}\"")]
    [TestCase("mm_processor_kwargs", """{"max_pixels":1000000000}""")]
    public async Task Member_ThatChangesHowThePromptIsBuilt_HoldsTheContextWindow(string name, string value) =>
        Assert.That(await _stage.HeldForAsync(Chat, With(Chat, $"\"{name}\":{value}")), Is.AtLeast(BoundGateway.Window));

    [TestCase("data_sources", """[{"type":"azure_search","parameters":{"authentication":{"type":"system_assigned_managed_identity"}}}]""")]
    [TestCase("search_parameters", """{"mode":"on"}""")]
    [TestCase("plugins", """[{"id":"web"}]""")]
    [TestCase("models", """["dear-model"]""")]
    [TestCase("route", "\"fallback\"")]
    [TestCase("provider", """{"order":["x"]}""")]
    [TestCase("web_search_options", "{}")]
    [TestCase("mcp_servers", """[{"url":"https://example.com"}]""")]
    [TestCase("api_base", "\"https://example.com\"")]
    [TestCase("fallbacks", """["dear-model"]""")]
    [TestCase("modalities", """["text","audio"]""")]
    [TestCase("modalities", """["image","text"]""")]
    [TestCase("deferred", "true")]
    [TestCase("best_of", "20")]
    public async Task Member_ThatCostsMoreThanTokens_IsRefusedByName(string name, string value)
    {
        foreach (var path in (string[])[Chat, Responses, Embeddings])
        {
            var error = await _stage.RefusedAsync(path, With(path, $"\"{name}\":{value}"));

            Assert.That(error.GetProperty("param").GetString(), Is.EqualTo(name), path);
            Assert.That(error.GetProperty("message").GetString(), Does.Contain("Leave it out"), path);
        }
    }

    [TestCase("data_sources", "null")]
    [TestCase("plugins", "[]")]
    [TestCase("deferred", "false")]
    [TestCase("modalities", """["text"]""")]
    public async Task Member_ThatCostsMoreThanTokensButAsksForNothing_Passes(string name, string value) =>
        Assert.That(await _stage.HeldForAsync(Chat, With(Chat, $"\"{name}\":{value}")), Is.LessThan(500));

    [Test]
    public async Task Member_ThatTheOperatorAllows_Passes()
    {
        await using var stage = await BoundGateway.StartAsync(("AI_GATEWAY_ALLOWED_MEMBERS", "plugins, web_search_options"));

        await stage.HeldForAsync(Chat, With(Chat, """ "plugins":[{"id":"web"}],"web_search_options":{}"""));

        Assert.That((await stage.RefusedAsync(Chat, With(Chat, """ "models":["x"]"""))).GetProperty("param").GetString(), Is.EqualTo("models"));
    }

    [TestCase(Chat, "previous_response_id", "\"resp_1\"")]
    [TestCase(Chat, "conversation", "\"conv_1\"")]
    [TestCase(Responses, "conversation", "\"conv_1\"")]
    [TestCase(Responses, "prompt", """{"id":"pmpt_1"}""")]
    [TestCase(Responses, "background", "true")]
    public async Task Member_ThatNamesWhatCannotBeChecked_IsRefusedByName(string path, string name, string value) =>
        Assert.That((await _stage.RefusedAsync(path, With(path, $"\"{name}\":{value}"))).GetProperty("param").GetString(), Is.EqualTo(name));

    [TestCase("MODEL", "\"dear-model\"", "model")]
    [TestCase("Max_Tokens", "8000", "max_tokens")]
    [TestCase("N", "50", "n")]
    [TestCase("Tools", """[{"type":"web_search"}]""", "tools")]
    [TestCase("Web_Search_Options", "{}", "web_search_options")]
    [TestCase("\u017Ftream", "true", "stream")]
    [TestCase("\\u004dodel", "\"dear-model\"", "model")]
    public async Task Member_ThatDiffersFromAKnownOneOnlyInCase_IsRefused(string name, string value, string known)
    {
        var error = await _stage.RefusedAsync(Chat, With(Chat, $"\"{name}\":{value}"));

        Assert.That(error.GetProperty("message").GetString(), Does.Contain($"differs from {known} only in case"));
    }

    [TestCase("""{"user":""}""", null)]
    [TestCase("""{"user":"  "}""", null)]
    [TestCase("""{"user":"","safety_identifier":"s"}""", "s")]
    [TestCase("""{"safety_identifier":"s"}""", "s")]
    [TestCase("""{"user":"u","safety_identifier":"s"}""", "u")]
    public async Task EndUser_IsRecorded_AsTheRequestNamesIt(string members, string? kept)
    {
        foreach (var path in (string[])[Chat, Responses, Embeddings])
        {
            await _stage.HeldForAsync(path, With(path, members[1..^1]));

            Assert.That((await _stage.Caller.UsageAsync("?limit=1"))[0].GetProperty("user").GetString(), Is.EqualTo(kept), path);
        }
    }

    [TestCase(300, 200)]
    [TestCase(199, 199, "\U0001F642")]
    public async Task EndUser_WhenTooLong_PassesWholeAndIsRecordedInPart(int letters, int kept, string more = "")
    {
        var name = new string('u', letters) + more;

        await _stage.HeldForAsync(Chat, With(Chat, $"\"user\":\"{name}\""));

        Assert.That((await _stage.Caller.UsageAsync("?limit=1"))[0].GetProperty("user").GetString(), Is.EqualTo(name[..kept]));
    }

    private static string With(string path, string members) => path switch
    {
        Chat => $$"""{"model":"gpt-5-round","max_tokens":16,"messages":[{"role":"user","content":"q"}],{{members}}}""",
        Responses => $$"""{"model":"gpt-5-round","max_output_tokens":16,"input":"q",{{members}}}""",
        _ => $$"""{"model":"text-embedding-round","input":"q",{{members}}}""",
    };
}
