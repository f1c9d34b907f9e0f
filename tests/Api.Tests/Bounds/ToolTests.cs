namespace AiGateway.Api.Tests.Bounds;

/// <summary>Tools that the client runs pass. Tools that the provider runs are refused wherever they appear.</summary>
internal sealed class ToolTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Responses = "/v1/responses";
    private const string Function = """{"type":"function","name":"f","parameters":{"type":"object","properties":{"url":{"type":"string"}}}}""";
    private BoundGateway _stage = null!;

    private static readonly string[] OfTheProvider =
    [
        """{"type":"web_search"}""", """{"type":"web_search_preview"}""", """{"type":"file_search","vector_store_ids":["vs_1"]}""",
        """{"type":"code_interpreter","container":{"type":"auto"}}""", """{"type":"mcp","server_label":"s","server_url":"https://example.com"}""",
        """{"type":"image_generation"}""", """{"type":"programmatic_tool_calling"}""", """{"type":"tool_search"}""", """{"type":"tool_search","execution":"server"}""",
        """{"type":"shell"}""", """{"type":"shell","environment":{"type":"container_auto"}}""", """{"type":"Function","name":"f"}""",
    ];

    private static readonly string[] OfTheClient =
    [
        Function, """{"type":"custom","name":"f"}""", $$"""{"type":"namespace","name":"n","description":"","tools":[{{Function}}]}""",
        """{"type":"tool_search","execution":"client"}""", """{"type":"local_shell"}""", """{"type":"shell","environment":{"type":"local"}}""",
        """{"type":"apply_patch"}""", """{"type":"computer"}""",
        """{"type":"computer_use_preview","display_width":1024,"display_height":768,"environment":"browser"}""",
    ];

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await BoundGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCaseSource(nameof(OfTheProvider))]
    public async Task Tool_ThatTheProviderRuns_IsRefusedWhereverItStands(string tool)
    {
        foreach (var (place, items, tools) in Places(tool))
        {
            var error = await _stage.RefusedAsync(Responses, Request(items, tools));

            Assert.That(error.GetProperty("param").GetString(), Is.EqualTo($"{place}.type"));
            Assert.That(error.GetProperty("message").GetString(), Does.Contain("emove"), "the error says what to do");
        }
    }

    [TestCaseSource(nameof(OfTheClient))]
    public async Task Tool_ThatTheClientRuns_PassesWhereverItStands(string tool)
    {
        foreach (var (place, items, tools) in Places(tool).Where(each => !each.Items.Contains("never_heard_of", StringComparison.Ordinal)))
            Assert.That(await _stage.HeldForAsync(Responses, Request(items, tools)), Is.InRange(10, 5_000), place);
    }

    [TestCase("""[{"type":"web_search"}]""", "tools[0].type")]
    [TestCase("""[{"type":"function","function":{"name":"f"}},{"type":"mcp"}]""", "tools[1].type")]
    [TestCase("""[{"google_search":{}}]""", "tools[0].type")]
    [TestCase("""[{"function":{"name":"f"},"google_search":{}}]""", "tools[0].type")]
    [TestCase("""[{"type":"live_search"}]""", "tools[0].type")]
    [TestCase("""{"type":"web_search"}""", "tools")]
    public async Task Chat_WithAToolThatTheProviderRuns_IsRefused(string tools, string param)
    {
        var error = await _stage.RefusedAsync(Chat, $$"""{"model":"gpt-5-round","messages":[{"role":"user","content":"q"}],"tools":{{tools}}}""");

        Assert.That(error.GetProperty("param").GetString(), Is.EqualTo(param));
    }

    [Test]
    public async Task Chat_WithToolsInAMessage_AppliesTheSameRule()
    {
        const string Body = """{"model":"gpt-5-round","max_tokens":16,"messages":[{"role":"system","tools":[TOOL]},{"role":"user","content":"q"}]}""";

        var error = await _stage.RefusedAsync(Chat, Body.Replace("TOOL", """{"type":"web_search"}""", StringComparison.Ordinal));
        var held = await _stage.HeldForAsync(Chat, Body.Replace("TOOL", Function, StringComparison.Ordinal));

        Assert.That(error.GetProperty("param").GetString(), Is.EqualTo("messages[0].tools[0].type"));
        Assert.That(held, Is.LessThan(1_000));
    }

    [TestCase("""[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"url":{"type":"string"}}}}}]""")]
    [TestCase("""[{"function":{"name":"f"}}]""")]
    [TestCase("""[{"type":"custom","custom":{"name":"f"}}]""")]
    [TestCase("[]")]
    public async Task Chat_WithToolsOfTheClient_PassesAndCountsThem(string tools) =>
        Assert.That(
            await _stage.HeldForAsync(Chat, $$"""{"model":"gpt-5-round","max_tokens":16,"messages":[{"role":"user","content":"q"}],"tools":{{tools}}}"""),
            Is.LessThan(500));

    private static IEnumerable<(string Place, string Items, string Tools)> Places(string tool)
    {
        yield return ("tools[0]", "", tool);
        yield return ("tools[1].tools[0]", "", $$"""{{Function}},{"type":"namespace","name":"n","description":"","tools":[{{tool}}]}""");
        yield return ("input[0].tools[0]", $$"""{"type":"additional_tools","role":"developer","tools":[{{tool}}]},""", "");
        yield return ("input[0].tools[0]", $$"""{"type":"tool_search_output","call_id":null,"status":"completed","execution":"server","tools":[{{tool}}]},""", "");
        yield return ("input[0].tools[0].tools[0]", $$"""{"type":"additional_tools","role":"developer","tools":[{"type":"namespace","name":"n","tools":[{{tool}}]}]},""", "");
        yield return ("input[0].tools[0]", $$"""{"type":"never_heard_of","anything":[{"tools":[{{tool}}]}]},""", "");
    }

    private static string Request(string items, string tools) =>
        $$"""{"model":"gpt-5-round","max_output_tokens":16,"input":[{{items}}{"role":"user","content":"q"}],"tools":[{{tools}}]}""";
}
