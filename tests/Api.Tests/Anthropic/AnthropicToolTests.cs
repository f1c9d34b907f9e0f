using System.Text.Json;

namespace AiGateway.Api.Tests.Anthropic;

/// <summary>Tools that the client runs pass; the operator decides about tools that run at the provider.</summary>
internal sealed class AnthropicToolTests
{
    private const string Own = """{"name":"f","description":"d","input_schema":{"type":"object","properties":{"url":{"type":"string"}}}}""";
    private MessagesGateway _refusing = null!;
    private MessagesGateway _dropping = null!;
    private MessagesGateway _pricing = null!;

    private static readonly string[] OfTheProvider =
    [
        """{"type":"web_search_20250305","name":"web_search"}""", """{"type":"web_fetch_20260318","name":"web_fetch"}""",
        """{"type":"code_execution_20260521","name":"code_execution"}""", """{"type":"advisor_20260301","name":"advisor","model":"m"}""",
        """{"type":"tool_search_tool_regex_20251119","name":"s"}""", """{"type":"tool_search_tool_bm25","name":"s"}""",
        """{"type":"mcp_toolset","mcp_server_name":"m"}""", """{"type":"never_heard_of_20300101","name":"n"}""", """{"type":"Custom","name":"n"}""", "{}",
    ];

    private static readonly string[] OfTheClient =
    [
        Own, """{"type":"custom","name":"f","input_schema":{"type":"object"}}""", """{"type":"bash_20250124","name":"bash"}""",
        """{"type":"text_editor_20250728","name":"e"}""", """{"type":"memory_20250818","name":"memory"}""",
        """{"type":"computer_20251124","name":"computer","display_width_px":1,"display_height_px":1}""", """{"type":"computer_toolset_20260801"}""",
        """{"type":"browser_toolset_20260801"}""",
    ];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _refusing = await MessagesGateway.StartAsync();
        _dropping = await MessagesGateway.StartAsync(null, ("AI_GATEWAY_PROVIDER_TOOLS", "drop"));
        _pricing = await MessagesGateway.StartAsync(null, ("AI_GATEWAY_PROVIDER_TOOLS", "price"));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _refusing.DisposeAsync();
        await _dropping.DisposeAsync();
        await _pricing.DisposeAsync();
    }

    [TestCaseSource(nameof(OfTheProvider))]
    public async Task Tool_ThatTheProviderRuns_IsRefused(string tool) =>
        Assert.That(await _refusing.RefusedAsync(Body($"{Own},{tool}")), Does.StartWith("tools[1].type: "));

    [TestCaseSource(nameof(OfTheClient))]
    public async Task Tool_ThatTheClientRuns_Passes(string tool) => Assert.That(await _refusing.HeldForAsync(Body(tool)), Is.InRange(50, 6_000));

    [TestCase("""{"type":"tool_addition","tool":{"type":"tool_definition","definition":{"type":"web_search_20250305","name":"web_search"}}}""")]
    [TestCase("""{"type":"compaction","content":"c","tool_changes":[{"type":"tool_addition","tool":{"type":"tool_definition","definition":{"type":"web_search_20250305","name":"w"}}}]}""")]
    [TestCase("""{"type":"never_heard_of","tools":[{"type":"web_search_20250305","name":"web_search"}]}""")]
    public async Task Tool_ThatTheProviderRuns_IsFoundInMessages(string block) =>
        Assert.That(await _refusing.RefusedAsync(MessagesGateway.Body($"[{block}]")), Does.Contain("web_search_20250305"));

    [Test]
    public async Task Tools_OfTheProvider_AreDroppedWhereTheOperatorSaysSo()
    {
        const string Search = """{"type":"web_search_20250305","name":"web_search"}""";
        _dropping.Provider.Reset();
        var some = (await _dropping.Caller.PostAsync(MessagesGateway.Path, Body($"{Search},{Own}", """,{"type":"tool","name":"web_search"}"""))).Expect(200);
        var sentOfSome = JsonElement.Parse(_dropping.Sent);
        _dropping.Provider.Reset();
        await _dropping.Caller.PostAsync(MessagesGateway.Path, Body(Search, """,{"type":"any"}"""));
        var sentOfNone = JsonElement.Parse(_dropping.Sent);

        Assert.That(some.Header("x-aigateway-dropped"), Is.EqualTo("web_search_20250305"));
        Assert.That(sentOfSome.GetProperty("tools").GetRawText(), Is.EqualTo($"[{Own}]"));
        Assert.That(sentOfSome.TryGetProperty("tool_choice", out _), Is.False);
        Assert.That(sentOfNone.TryGetProperty("tools", out _), Is.False);
        Assert.That(sentOfNone.TryGetProperty("tool_choice", out _), Is.False);
    }

    [Test]
    public async Task McpServers_AreDroppedWithTheirTools()
    {
        _dropping.Provider.Reset();
        var body = MessagesGateway.Body("\"q\"", $$"""
            "mcp_servers":[{"type":"url","url":"https://example.com","name":"m"}],"tools":[{{Own}},{"type":"mcp_toolset","mcp_server_name":"m"}],
            """);

        var reply = (await _dropping.Caller.PostAsync(MessagesGateway.Path, body)).Expect(200);

        Assert.That(reply.Header("x-aigateway-dropped"), Is.EqualTo("mcp_servers,mcp_toolset"));
        Assert.That(_dropping.Sent, Does.Not.Contain("mcp"));
    }

    [TestCase("""{"type":"web_search_20250305","name":"web_search","max_uses":3}""", 3)]
    [TestCase("""{"type":"web_search_20260318","name":"web_search"}""", 8)]
    [TestCase("""{"type":"web_search_20260318","name":"web_search","max_uses":null}""", 8)]
    public async Task Tool_WithAPrice_IsHeldForEachCallAndGetsALimit(string tool, int calls)
    {
        var held = await _pricing.HeldForAsync(Body($"{Own},{tool}"));

        Assert.That(held, Is.EqualTo(MessagesGateway.Window), "the provider reads the prompt again after each call");
        Assert.That(_pricing.Request.MaxToolCalls, Is.EqualTo(calls));
        Assert.That(JsonElement.Parse(_pricing.Sent).GetProperty("tools")[1].GetProperty("max_uses").GetInt32(), Is.EqualTo(calls));
    }

    [TestCase("""{"type":"code_execution_20260521","name":"c"}""", Description = "nothing limits its calls")]
    [TestCase("""{"type":"web_fetch_20260318","name":"web_fetch"}""", Description = "it has no price")]
    [TestCase("""{"type":"web_search_20250305","name":"web_search","max_uses":0}""")]
    public async Task Tool_WithoutPriceOrLimit_IsRefused(string tool) => Assert.That(await _pricing.RefusedAsync(Body(tool)), Does.StartWith("tools"));

    private static string Body(string tools, string choice = "") =>
        MessagesGateway.Body("\"q\"", $"\"tools\":[{tools}],{(choice.Length == 0 ? "" : $"\"tool_choice\":{choice[1..]},")}");
}
