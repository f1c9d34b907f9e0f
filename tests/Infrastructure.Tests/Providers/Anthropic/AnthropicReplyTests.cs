using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiGateway.Application.AnthropicWire;
using AiGateway.Application.OpenAiWire;
using AiGateway.Domain;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Providers.Anthropic;

/// <summary>Whole messages: reading them, writing them as events, and putting events together.</summary>
[TestFixture]
internal sealed class AnthropicReplyTests
{
    private const string AllBlocks =
        """{"id":"msg_02","type":"message","role":"assistant","model":"claude-sonnet-4-6","content":[{"type":"thinking","thinking":"Hm. ä😀","signature":"sig=="},{"type":"redacted_thinking","data":"ENC"},{"type":"text","text":"Both."},{"type":"tool_use","id":"toolu_1","name":"get_time","input":{}},{"type":"tool_use","id":"toolu_2","name":"get_weather","input":{"city":"Bern","days":[1,2]}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":20,"output_tokens":30}}""";

    [Test]
    public void Message_WhenRead_TellsWhatIsChargedAndShown()
    {
        var reply = AnthropicReply.FromMessage(Utf8(AnthropicAnswers.Message), "asked")!;

        Assert.Multiple(() =>
        {
            Assert.That((reply.Model, reply.Content, reply.FinishReason), Is.EqualTo(("claude-opus-5-5", "Hello there.", "stop")));
            Assert.That(reply.Usage, Is.EqualTo(new TokenUsage(1000, 12, 695, 300, 4, 200)));
            Assert.That(reply.Surcharges.Of(Surcharges.UsGeography | Surcharges.Fast), Is.EqualTo(Surcharges.None));
            Assert.That(Encoding.UTF8.GetString(reply.Body.Span), Is.EqualTo(AnthropicAnswers.Message));
        });
    }

    [Test]
    public void Message_WithoutUsage_HasItsTextToBeCounted()
    {
        var reply = AnthropicReply.FromMessage(Utf8(AllBlocks.Replace("\"input_tokens\":20,", "", StringComparison.Ordinal)), "asked")!;

        Assert.That(reply.Usage, Is.Null);
        Assert.That(reply.DeliveredText, Is.EqualTo("Hm. ä😀Both.get_timeget_weather{\"city\":\"Bern\",\"days\":[1,2]}"));
    }

    [TestCase("""{"type":"message","content":[],"stop_reason":"refusal","usage":{"input_tokens":20,"output_tokens":3}}""", "content_filter")]
    [TestCase("""{"content":[null,7,{"type":"later"}]}""", null)]
    public void Message_WithOddContent_IsRead(string json, string? reason)
    {
        var reply = AnthropicReply.FromMessage(Utf8(json), "asked")!;

        Assert.That((reply.Model, reply.Content, reply.FinishReason), Is.EqualTo(("asked", "", reason)));
    }

    [TestCase("""{"type":"error","error":{"type":"api_error","message":"no"}}""")]
    [TestCase("""{"content":"text"}""")]
    [TestCase("[]")]
    [TestCase("<html>")]
    [TestCase("")]
    public void Body_ThatIsNoMessage_IsNone(string json) => Assert.That(AnthropicReply.FromMessage(Utf8(json), "asked"), Is.Null);

    [TestCase(AllBlocks)]
    [TestCase(AnthropicAnswers.Message)]
    public void Message_WrittenAsEvents_IsPutTogetherAgain(string json)
    {
        var events = EventsOfMessage.Of(Utf8(json));
        var reader = new AnthropicEventReader();
        var whole = new MessageOfEvents();
        var text = "";
        TokenUsage? usage = null;
        foreach (var (data, type) in events)
        {
            var kind = reader.Read(data, type, null, out var chunk);
            Assert.That(kind, Is.Not.EqualTo(ChunkKind.Malformed));
            (text, usage) = (text + chunk.Content, chunk.Usage ?? usage);
            whole.Add(data, kind == ChunkKind.Last);
        }

        var direct = AnthropicReply.FromMessage(Utf8(json), "asked")!;
        Assert.That((text, usage), Is.EqualTo((direct.Content, direct.Usage)));
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(whole.ToJson()!.Value.Span), JsonNode.Parse(json)), Is.True);
    }

    [Test]
    public void Events_OfAnAgent_ArePutTogether()
    {
        var whole = new MessageOfEvents();
        foreach (var each in AnthropicAnswers.Events) whole.Add(Utf8(each), isLast: false);

        using var message = JsonDocument.Parse(whole.ToJson()!.Value);
        var root = message.RootElement;
        Assert.That(root.GetProperty("content").GetRawText(), Is.EqualTo("""[{"type":"thinking","thinking":"Let me see.","signature":"EqQBCgIYAhIM"},{"type":"text","text":"Hello there."}]"""));
        Assert.That((root.GetProperty("stop_reason").GetString(), root.GetProperty("usage").GetProperty("output_tokens").GetInt32()), Is.EqualTo(("end_turn", 12)));
        Assert.That(root.GetProperty("usage").GetProperty("cache_read_input_tokens").GetInt32(), Is.EqualTo(695));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
