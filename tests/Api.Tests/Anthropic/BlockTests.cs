namespace AiGateway.Api.Tests.Anthropic;

/// <summary>Every block is held at a bound, wherever it stands, and passes unchanged.</summary>
internal sealed class BlockTests
{
    private const long Image = 12_000;
    private const int Size = 10_000;
    private MessagesGateway _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await MessagesGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCase("""{"type":"text","text":"{SIZE}"}""", 1)]
    [TestCase("""{"type":"text","text":"{SIZE}","cache_control":{"type":"ephemeral","ttl":"1h"}}""", 1)]
    [TestCase("""{"type":"text","text":"a","citations":[{"type":"char_location","cited_text":"{SIZE}"}]}""", 1)]
    [TestCase("""{"type":"text","text":"a","never_heard_of":"{SIZE}"}""", 1)]
    [TestCase("""{"type":"thinking","thinking":"{SIZE}","signature":"{SIZE}"}""", 2)]
    [TestCase("""{"type":"redacted_thinking","data":"{SIZE}"}""", 1)]
    [TestCase("""{"type":"tool_use","id":"toolu_1","name":"f","input":{"url":"https://example.com/{SIZE}"}}""", 1)]
    [TestCase("""{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"{SIZE}"}}""", 1)]
    [TestCase("""{"type":"tool_result","tool_use_id":"toolu_1","content":"{SIZE}","is_error":true}""", 1)]
    [TestCase("""{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"{SIZE}"}]}""", 1)]
    [TestCase("""{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"search_result","source":"https://example.com","title":"t","content":[{"type":"text","text":"{SIZE}"}]}]}""", 1)]
    [TestCase("""{"type":"search_result","source":"https://example.com","title":"t","content":[{"type":"text","text":"{SIZE}"}],"citations":{"enabled":true}}""", 1)]
    [TestCase("""{"type":"document","title":"t","context":"c","source":{"type":"text","media_type":"text/plain","data":"{SIZE}"}}""", 1)]
    [TestCase("""{"type":"document","citations":{"enabled":true},"source":{"type":"text","media_type":"text/plain","data":"{SIZE}"}}""", 2)]
    [TestCase("""{"type":"document","source":{"type":"content","content":"{SIZE}"}}""", 1)]
    [TestCase("""{"type":"document","source":{"type":"content","content":[{"type":"text","text":"{SIZE}"}]}}""", 1)]
    [TestCase("""{"type":"web_search_tool_result","tool_use_id":"s","content":[{"type":"web_search_result","url":"https://example.com","title":"t","encrypted_content":"{SIZE}"}]}""", 1)]
    [TestCase("""{"type":"web_fetch_tool_result","tool_use_id":"s","content":{"type":"web_fetch_result","url":"https://example.com","content":{"type":"document","source":{"type":"text","media_type":"text/plain","data":"{SIZE}"}}}}""", 1)]
    [TestCase("""{"type":"code_execution_tool_result","tool_use_id":"s","content":{"type":"code_execution_result","stdout":"{SIZE}","content":[{"type":"code_execution_output","file_id":"file_1"}]}}""", 1)]
    [TestCase("""{"type":"compaction","content":"{SIZE}"}""", 1)]
    [TestCase("""{"type":"fallback","from":{"model":"{SIZE}"}}""", 1)]
    public async Task Block_OfAKnownType_IsHeldByItsText(string block, int times)
    {
        var body = MessagesGateway.Body($"[{block.Replace("{SIZE}", new string('A', Size), StringComparison.Ordinal)}]");

        var held = await _stage.HeldForAsync(body);

        Assert.That(held, Is.InRange(times * Size, (times * Size) + 500));
        Assert.That(_stage.Sent, Is.EqualTo(body), "every byte passes");
    }

    [TestCase("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{SIZE}"}}""")]
    [TestCase("""{"type":"image","source":{"type":"url","url":"https://example.com/a.png"},"transformations":{"oversized_image":"error"}}""")]
    [TestCase("""{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{SIZE}"}}]}""")]
    [TestCase("""{"type":"document","source":{"type":"content","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{SIZE}"}}]}}""")]
    public async Task Image_AtAnyDepth_IsHeldByTheModelsRuleAndNotByItsBytes(string block) => Assert.That(
        await _stage.HeldForAsync(MessagesGateway.Body($"[{block.Replace("{SIZE}", new string('A', 50_000), StringComparison.Ordinal)}]")),
        Is.InRange(4_784, Image + 500));

    [TestCase("""{"type":"document","source":{"type":"url","url":"https://example.com/a.pdf"}}""")]
    [TestCase("""{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="}}""")]
    [TestCase("""{"type":"document","source":{"type":"never_heard_of"}}""")]
    [TestCase("""{"type":"tool_result","tool_use_id":"t","content":[{"type":"document","source":{"type":"url","url":"https://example.com/a.pdf"}}]}""")]
    [TestCase("""{"type":"web_fetch_tool_result","tool_use_id":"s","content":{"type":"web_fetch_result","content":{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="}}}}""")]
    [TestCase("""{"type":"image","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="}}""")]
    [TestCase("""{"type":"image","source":"https://example.com/a.png"}""")]
    [TestCase("""{"type":"text","text":"a","image_url":"https://example.com/a.png"}""")]
    [TestCase("""{"type":"text","text":"a","source":{"type":"url","url":"https://example.com/a.png"}}""")]
    [TestCase("""{"type":"never_heard_of","text":"a"}""")]
    [TestCase("""{"Type":"text","text":"a"}""")]
    public async Task Content_ThatCannotBeBounded_IsHeldAsTheContextWindow(string block) =>
        Assert.That(await _stage.HeldForAsync(MessagesGateway.Body($"[{block}]")), Is.EqualTo(MessagesGateway.Window));

    [TestCase("""{"type":"image","source":{"type":"file","file_id":"file_1"}}""", "messages[0].content[0].source")]
    [TestCase("""{"type":"document","source":{"type":"file","file_id":"file_1"}}""", "messages[0].content[0].source")]
    [TestCase("""{"type":"container_upload","file_id":"file_1"}""", "messages[0].content[0]")]
    [TestCase("""{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"file","file_id":"file_1"}}]}""", "messages[0].content[0].content[0].source")]
    public async Task File_StoredAtTheProvider_IsRefusedByName(string block, string field) =>
        Assert.That(await _stage.RefusedAsync(MessagesGateway.Body($"[{block}]")), Does.StartWith($"{field}: ").And.Contain("owner"));

    [Test]
    public async Task ToolReference_IsHeldAtTheLargestDefinitionEachTime()
    {
        var tools = $$"""[{"name":"f","description":"{{new string('A', Size)}}","input_schema":{"type":"object"},"defer_loading":true}]""";
        const string Result = """{"type":"tool_result","tool_use_id":"t","content":[{"type":"tool_reference","tool_name":"f"},{"type":"tool_reference","tool_name":"f"}]}""";

        var held = await _stage.HeldForAsync(MessagesGateway.Body($"[{Result}]", $"\"tools\":{tools},"));

        Assert.That(held, Is.InRange(3 * Size, (3 * Size) + 1_000));
    }

    [TestCase("\"system\":\"{SIZE}\",")]
    [TestCase("""
        "system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=2.1"},{"type":"text","text":"{SIZE}","cache_control":{"type":"ephemeral"}}],
        """)]
    [TestCase("""
        "output_config":{"format":{"type":"json_schema","schema":{"description":"{SIZE}"}}},
        """)]
    [TestCase("""
        "never_heard_of":{"a":"{SIZE}"},
        """)]
    public async Task Member_ThatTheModelReads_IsHeldByItsText(string member) => Assert.That(
        await _stage.HeldForAsync(MessagesGateway.Body("\"q\"", member.Replace("{SIZE}", new string('A', Size), StringComparison.Ordinal))),
        Is.InRange(Size, Size + 500));

    [TestCase("""[{"role":"user"}]""", Description = "the provider judges")]
    [TestCase("""[{"role":"user","content":"q"},{"role":"system","content":"s"},{"role":"assistant","content":"a"}]""")]
    public async Task Message_OfOtherForms_Passes(string messages) =>
        Assert.That(await _stage.HeldForAsync($$"""{"model":"{{MessagesGateway.Model}}","max_tokens":0,"messages":{{messages}}}"""), Is.LessThan(500));

    [TestCase("""{"role":"user","content":7}""", "messages[0].content")]
    [TestCase("""{"role":"user","content":["q"]}""", "messages[0].content[0]")]
    [TestCase("""{"content":"q"}""", "messages[0].role")]
    [TestCase("\"q\"", "messages[0]")]
    public async Task Message_Malformed_IsRefusedByName(string message, string field) => Assert.That(
        await _stage.RefusedAsync($$"""{"model":"{{MessagesGateway.Model}}","max_tokens":1,"messages":[{{message}}]}"""), Does.StartWith($"{field}: "));
}
