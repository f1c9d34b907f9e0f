using System.Text;
using AiGateway.Application.AnthropicWire;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Providers.Anthropic;

/// <summary>The events of a streamed message: what is read of each, and which order is possible.</summary>
[TestFixture]
internal sealed class AnthropicEventTests
{
    private const string Start = AnthropicAnswers.MessageStart;
    private const string Block = """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""";
    private const string Delta = """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}""";
    private const string BlockStop = """{"type":"content_block_stop","index":0}""";
    private const string Finish = """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}""";
    private const string Stop = """{"type":"message_stop"}""";

    [Test]
    public void Stream_WhenRead_TellsWhatIsChargedAndKeepsItsBytes()
    {
        var read = Read([.. AnthropicAnswers.Events]);

        Assert.Multiple(() =>
        {
            Assert.That(read.Select(each => Encoding.UTF8.GetString(each.Chunk.Json.Span)), Is.EqualTo(AnthropicAnswers.Events));
            Assert.That(string.Concat(read.Select(each => each.Chunk.Text)), Is.EqualTo("Let me see.Hello there."));
            Assert.That(string.Concat(read.Select(each => each.Chunk.Content)), Is.EqualTo("Hello there."));
            Assert.That(read.Where(each => each.Chunk.IsReasoning).Select(each => each.Chunk.Text), Is.EqualTo([null, "Let me see."]));
            Assert.That(read[0].Chunk.PromptUsage, Is.EqualTo(new TokenUsage(1000, 0, 695, 300, 0, 200)));
            Assert.That(read[0].Chunk.Model, Is.EqualTo("claude-opus-5-5"));
            Assert.That(read.Select(each => each.Chunk.Usage).OfType<TokenUsage>(), Is.EqualTo([new TokenUsage(1000, 12, 695, 300, 4, 200)]));
            Assert.That(read.Select(each => each.Chunk.FinishReason).OfType<string>(), Is.EqualTo(["stop"]));
            Assert.That(read[^1].Kind, Is.EqualTo(ChunkKind.Last));
            Assert.That(read.Select(each => each.Chunk.EventType), Has.None.Null, "a server may leave out the names");
        });
    }

    [Test]
    public void Events_BeforeAnyOutput_DoNotBeginIt() => Assert.That(
        Read(Start, """{"type":"ping"}""", """{"type":"later"}""", Block, Delta).Select(each => each.Kind),
        Is.EqualTo([ChunkKind.Opening, ChunkKind.Opening, ChunkKind.Opening, ChunkKind.Opening, ChunkKind.Part]));

    [TestCase(Start, Start)]
    [TestCase(Start, Block, Delta, Start)]
    [TestCase(Start, Block, Block)]
    [TestCase(Start, Delta)]
    [TestCase(Start, Block, BlockStop, Delta)]
    [TestCase(Start, BlockStop)]
    [TestCase(Block)]
    [TestCase(Finish)]
    [TestCase(Stop)]
    [TestCase(Start, Block, BlockStop, Finish, Block)]
    [TestCase(Start, Block, Finish, Delta)]
    [TestCase("""{"type":"message_start"}""")]
    [TestCase(Start, """{"type":"content_block_start","index":0}""")]
    [TestCase(Start, Block, """{"type":"content_block_delta","index":0}""")]
    [TestCase(Start, """{"type":"content_block_start","content_block":{"type":"text"}}""")]
    [TestCase("{")]
    public void Order_ThatIsImpossible_IsMalformed(params string[] events) => Assert.That(Read(events)[^1].Kind, Is.EqualTo(ChunkKind.Malformed));

    [TestCase("""{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"get_time","input":{}}}""", "get_time", null, false, ChunkKind.Part)]
    [TestCase("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"early"}}""", "early", "early", false, ChunkKind.Part)]
    [TestCase("""{"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking","data":"x"}}""", null, null, false, ChunkKind.Part)]
    [TestCase("""{"type":"content_block_start","index":0,"content_block":{"type":"a_later_kind"}}""", null, null, false, ChunkKind.Part)]
    [TestCase("""{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}""", null, null, true, ChunkKind.Opening)]
    public void Block_AtItsStart_TellsItsText(string json, string? text, string? content, bool isReasoning, ChunkKind kind)
    {
        var (read, chunk) = Read(Start, json)[^1];

        Assert.That((chunk.Text, chunk.Content, chunk.IsReasoning, read), Is.EqualTo((text, content, isReasoning, kind)));
    }

    [TestCase("""{"type":"input_json_delta","partial_json":"{\"a\":"}""", "{\"a\":")]
    [TestCase("""{"type":"input_json_delta","partial_json":""}""", "")]
    [TestCase("""{"type":"signature_delta","signature":"x"}""", null)]
    [TestCase("""{"type":"citations_delta","citation":{}}""", null)]
    [TestCase("""{"type":"a_later_delta"}""", null)]
    public void Delta_ThatIsNoText_IsNoContent(string delta, string? text)
    {
        var chunk = Read(Start, Block, $$"""{"type":"content_block_delta","index":0,"delta":{{delta}}}""")[^1].Chunk;

        Assert.That((chunk.Text, chunk.Content), Is.EqualTo((text, (string?)null)));
    }

    [TestCase("end_turn", "stop")]
    [TestCase("stop_sequence", "stop")]
    [TestCase("pause_turn", "stop")]
    [TestCase("a_later_reason", "stop")]
    [TestCase("max_tokens", "length")]
    [TestCase("model_context_window_exceeded", "length")]
    [TestCase("tool_use", "tool_calls")]
    [TestCase("refusal", "content_filter")]
    public void Reason_IsToldInTheNeutralWord(string reason, string neutral) => Assert.That(
        Read(Start, $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}"},"usage":{"output_tokens":3}}""")[^1].Chunk.FinishReason,
        Is.EqualTo(neutral));

    [Test]
    public void Usage_BeforeTheReasonToStop_IsNotTheWhole()
    {
        var read = Read(Start, """{"type":"message_delta","delta":{},"usage":{"output_tokens":3}}""", Finish);

        Assert.That(read.Select(each => each.Chunk.Usage?.CompletionTokens), Is.EqualTo(new long?[] { null, null, 3 }));
    }

    [Test]
    public void Usage_ThatNeverTellsTheOutput_IsTheInputAlone()
    {
        var chunk = Read(Start, """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""")[^1].Chunk;

        Assert.That((chunk.Usage, chunk.PromptUsage?.PromptTokens), Is.EqualTo(((TokenUsage?)null, (long?)1000)));
    }

    [Test]
    public void ToolCalls_OfTheProvider_AreToldOnce()
    {
        var found = """{"type":"content_block_start","index":0,"content_block":{"type":"web_search_tool_result","tool_use_id":"s1","content":[]}}""";
        var failed = """{"type":"content_block_start","index":1,"content_block":{"type":"web_search_tool_result","tool_use_id":"s2","content":{"type":"web_search_tool_result_error","error_code":"unavailable"}}}""";
        var read = Read(Start, found, failed, """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3,"server_tool_use":{"web_search_requests":2}}}""");

        Assert.That(read.SelectMany(each => each.Chunk.ToolCalls ?? []), Is.EqualTo(["web_search", "web_search"]));
        Assert.That(read[2].Chunk.ToolCalls, Is.Null, "a failed call is not billed");
    }

    [TestCase("error", """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", ChunkKind.Error)]
    [TestCase("error", "not JSON", ChunkKind.Error)]
    [TestCase(null, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", ChunkKind.Error)]
    [TestCase(null, """{"error":{"message":"no"}}""", ChunkKind.Error)]
    [TestCase("ping", """{"type":"ping"}""", ChunkKind.Opening)]
    [TestCase("ping", "", ChunkKind.Skipped)]
    [TestCase(null, "7", ChunkKind.Skipped)]
    public void Event_BesideTheMessage_IsTold(string? eventType, string json, ChunkKind kind) =>
        Assert.That(new AnthropicEventReader().Read(Encoding.UTF8.GetBytes(json), eventType, null, out _), Is.EqualTo(kind));

    private static List<(ChunkKind Kind, ReplyChunk Chunk)> Read(params string[] events)
    {
        var reader = new AnthropicEventReader();
        var read = new List<(ChunkKind, ReplyChunk)>();
        foreach (var each in events)
        {
            var kind = reader.Read(Encoding.UTF8.GetBytes(each), eventType: null, modelSoFar: null, out var chunk);
            read.Add((kind, chunk));
        }

        return read;
    }
}
