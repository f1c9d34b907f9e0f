using System.Text.Json;
using AiGateway.Api.Tests.Bounds;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Clients;

/// <summary>An operator can have tools of the provider removed from requests, wherever they appear. Every other byte stays.</summary>
internal sealed class ProviderToolTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Responses = "/v1/responses";
    private const string Function = """{"type":"function","name":"f"}""";
    private const string Search = """{"type":"web_search"}""";
    private const string Image = """{ "type" : "image_generation", "size" : "auto" }""";
    private BoundGateway _dropping = null!;
    private BoundGateway _pricing = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _dropping = await BoundGateway.StartAsync(("AI_GATEWAY_PROVIDER_TOOLS", "drop"));
        _pricing = await BoundGateway.StartAsync(("AI_GATEWAY_PROVIDER_TOOLS", "Price"));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _dropping.DisposeAsync();
        await _pricing.DisposeAsync();
    }

    // Blanks and order of the remaining members stay as they were sent.
    [TestCase($$"""{ "tools" : [ {{Search}} , {{Function}} ] ,"input":"q"}""", $$"""{ "tools" : [ {{Function}} ] ,"input":"q"}""", "web_search")]
    [TestCase($$"""{"tools":[{{Function}}, {{Search}}],"input":"q"}""", $$"""{"tools":[{{Function}}],"input":"q"}""", "web_search")]
    [TestCase($$"""{"tools":[{{Function}},{{Search}},{{Image}},{{Function}},{{Search}}],"input":"q"}""", $$"""{"tools":[{{Function}},{{Function}}],"input":"q"}""", "web_search,image_generation")]
    [TestCase($$"""{"tools":[{{Search}},{{Image}}],"input":"q"}""", """{"input":"q"}""", "web_search,image_generation")]
    [TestCase($$"""{"input":"q","tools":[{{Search}}]}""", """{"input":"q"}""", "web_search")]
    [TestCase($$"""{"input":"q","tools":[{{Search}}],"tool_choice":"auto","parallel_tool_calls":true}""", """{"input":"q"}""", "web_search")]
    [TestCase($$"""{"tool_choice":"required","input":"q","parallel_tool_calls":true,"tools":[{{Search}}],"store":false}""", """{"input":"q","store":false}""", "web_search")]
    [TestCase($$"""{"input":"q","tools":[{{Search}},{{Function}}],"tool_choice":"required"}""", $$"""{"input":"q","tools":[{{Function}}],"tool_choice":"required"}""", "web_search")]
    [TestCase($$"""{"input":"q","tools":[{{Search}},{{Function}}],"tool_choice":{{Search}}}""", $$"""{"input":"q","tools":[{{Function}}]}""", "web_search")]
    [TestCase(
        $$"""{"input":"q","tools":[{{Search}},{{Function}}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{{Search}},{{Function}}] } }""",
        $$"""{"input":"q","tools":[{{Function}}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{{Function}}] } }""", "web_search")]
    [TestCase(
        $$"""{"input":"q","tools":[{{Search}},{{Function}}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{{Search}}] } }""",
        $$"""{"input":"q","tools":[{{Function}}] }""", "web_search")]
    [TestCase(
        $$"""{"input":"q","tools":[{"type":"namespace","name":"n","tools":[{{Function}},{{Search}}]}]}""",
        $$"""{"input":"q","tools":[{"type":"namespace","name":"n","tools":[{{Function}}]}]}""", "web_search")]
    [TestCase(
        $$"""{"input":[{"type":"additional_tools","role":"developer","tools":[{{Search}},{{Function}}]},{"role":"user","content":"q"}]}""",
        $$"""{"input":[{"type":"additional_tools","role":"developer","tools":[{{Function}}]},{"role":"user","content":"q"}]}""", "web_search")]
    [TestCase(
        $$"""{"input":[{"type":"tool_search_output","call_id":null,"tools":[{{Search}}]},{"role":"user","content":"q"}],"tools":[{{Function}}],"tool_choice":"auto"}""",
        $$"""{"input":[{"type":"tool_search_output","call_id":null,"tools":[]},{"role":"user","content":"q"}],"tools":[{{Function}}],"tool_choice":"auto"}""", "web_search")]
    [TestCase("""{"tools":[{"type":"shell"},{"type":"tool_search"},{"type":"mcp","server_label":"é","server_url":"https://example.com"}],"input":"é"}""", """{"input":"é"}""", "shell,tool_search,mcp")]
    public async Task Response_WithToolsOfTheProvider_IsSentWithoutThem(string body, string sent, string dropped) =>
        Assert.That(await DroppedAsync(Responses, body), Is.EqualTo((sent, dropped)));

    [TestCase($$"""{"messages":MESSAGES,"web_search_options":{},"n":1}""", """{"messages":MESSAGES,"n":1}""", "web_search_options")]
    [TestCase($$"""{"web_search_options":{"a":[1,2]},"plugins":[{"id":"web"}],"messages":MESSAGES}""", """{"messages":MESSAGES}""", "web_search_options,plugins")]
    [TestCase($$"""{"messages":MESSAGES,"tools":[{"type":"web_search"}],"tool_choice":"auto"}""", """{"messages":MESSAGES}""", "web_search")]
    [TestCase(
        """{"messages":MESSAGES,"tools":[{"type":"function","function":{"name":"f"}},{"type":"live_search"}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"live_search"},{"type":"function","function":{"name":"f"}}]}}}""",
        """{"messages":MESSAGES,"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"f"}}]}}}""", "live_search")]
    public async Task Chat_WithToolsOfTheProvider_IsSentWithoutThem(string body, string sent, string dropped)
    {
        const string Messages = """[{"role":"user","content":"q"}]""";

        Assert.That(
            await DroppedAsync(Chat, body.Replace("MESSAGES", Messages, StringComparison.Ordinal)),
            Is.EqualTo((sent.Replace("MESSAGES", Messages, StringComparison.Ordinal), dropped)));
    }

    [TestCase("""[{"google_search":{}}]""")]
    [TestCase("""[{"type":"web search"}]""")]
    [TestCase("""[{"type":"a\r\nb: c"}]""")]
    [TestCase("""["web_search"]""")]
    public async Task Tool_WithoutATypeFitForTheHeader_IsRefused(string tools) =>
        await _dropping.RefusedAsync(Responses, $$"""{"model":"gpt-5-round","input":"q","tools":{{tools}}}""");

    [TestCase("data_sources", "[{}]")]
    [TestCase("models", """["other"]""")]
    public async Task Member_ThatIsNoTool_IsStillRefused(string name, string value)
    {
        var error = await _dropping.RefusedAsync(Chat, $$"""{"model":"gpt-5-round","messages":[{"role":"user","content":"q"}],"{{name}}":{{value}}}""");

        Assert.That(error.GetProperty("param").GetString(), Is.EqualTo(name));
    }

    [Test]
    public async Task Reply_WhenNothingWasDropped_HasNoHeaderOfDroppedTools()
    {
        _dropping.Gateway.Provider.Reset(Answers.Completion());

        var reply = (await _dropping.Caller.PostAsync(Responses, $$"""{"model":"gpt-5-round","input":"q","tools":[{{Function}}]}""")).Expect(200);

        Assert.That(reply.Headers, Does.Not.ContainKey("x-aigateway-dropped"));
    }

    [Test]
    public async Task Response_WithAToolThatHasNoPrice_IsRefusedAndNamesModelAndTool()
    {
        var error = await _pricing.RefusedAsync(Responses, $$"""{"model":"gpt-5-round","input":"q","tools":[{{Function}},{{Search}}]}""");

        Assert.That(error.GetProperty("param").GetString(), Is.EqualTo("tools"));
        Assert.That(error.GetProperty("message").GetString(), Does.Contain("gpt-5-round").And.Contain("web_search").And.Contain("no price"));
    }

    private async Task<(string Sent, string? Dropped)> DroppedAsync(string path, string body)
    {
        _dropping.Gateway.Provider.Reset(Answers.Completion());
        var limit = path == Chat ? "max_tokens" : "max_output_tokens";
        var known = $"\"model\":\"gpt-5-round\",\"{limit}\":16,";
        var reply = (await _dropping.Caller.PostAsync(path, body.Insert(1, known))).Expect(200);
        var sent = _dropping.Gateway.Provider.Seen.Single().Body;
        Assert.That(JsonElement.Parse(sent).ValueKind, Is.EqualTo(JsonValueKind.Object));
        return (sent.Replace(known, "", StringComparison.Ordinal), reply.Header("x-aigateway-dropped"));
    }
}
