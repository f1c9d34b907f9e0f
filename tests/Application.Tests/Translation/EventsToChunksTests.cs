using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Tests.Translation.Samples;

namespace AiGateway.Application.Tests.Translation;

/// <summary>Streams of Anthropic's wire as chunks of a chat completion, exactly.</summary>
public sealed class EventsToChunksTests
{
    private const string Start = """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[],"stop_reason":null,"usage":{"input_tokens":10,"output_tokens":1}}}""";
    private const string Stop = """{"type":"message_stop"}""";
    private static readonly string Head = $"\"id\":\"msg_1\",\"object\":\"chat.completion.chunk\",\"created\":{Sample.Noon.ToUnixTimeSeconds()},\"model\":\"claude\"";

    [Test]
    public async Task Text_WithPingsAndUnknownEvents()
    {
        var events = await TranslateAsync(
            Start,
            Block(0, """{"type":"text","text":""}"""),
            """{"type":"ping"}""",
            Delta(0, """{"type":"text_delta","text":"Hel"}"""),
            """{"type":"never_heard_of"}""",
            Delta(0, """{"type":"citations_delta","citation":{}}"""),
            Delta(0, """{"type":"text_delta","text":"lo"}"""),
            """{"type":"content_block_stop","index":0}""",
            End("end_turn"),
            Stop);

        Assert.That(events, Is.EqualTo([
            Chunk("""{"role":"assistant","content":""}"""), Chunk("""{"content":"Hel"}"""), Chunk("""{"content":"lo"}"""), Chunk("{}", "stop"), Usage(72, 7, 60, 2)]));
    }

    // The index counts tool calls, whatever blocks stand between them; a tool without arguments has an empty object.
    [Test]
    public async Task Tools_AreNumberedAmongThemselves()
    {
        var events = await TranslateAsync(
            Start,
            Block(0, """{"type":"thinking","thinking":"","signature":""}"""),
            Delta(0, """{"type":"thinking_delta","thinking":"Hm"}"""),
            Delta(0, """{"type":"signature_delta","signature":"s"}"""),
            """{"type":"content_block_stop","index":0}""",
            Block(1, """{"type":"text","text":"Both"}"""),
            """{"type":"content_block_stop","index":1}""",
            Block(2, """{"type":"tool_use","id":"t1","name":"f","input":{}}"""),
            Delta(2, """{"type":"input_json_delta","partial_json":""}"""),
            Delta(2, """{"type":"input_json_delta","partial_json":"{\"a\":"}"""),
            Delta(2, """{"type":"input_json_delta","partial_json":"1}"}"""),
            """{"type":"content_block_stop","index":2}""",
            Block(3, """{"type":"tool_use","id":"t2","name":"g","input":{}}"""),
            """{"type":"content_block_stop","index":3}""",
            Block(4, """{"type":"tool_use","id":"t3","name":"h","input":{"b":2}}"""),
            """{"type":"content_block_stop","index":4}""",
            End("tool_use"),
            Stop);

        Assert.That(events, Is.EqualTo([
            Chunk("""{"role":"assistant","content":""}"""),
            Chunk("""{"reasoning_content":"Hm"}"""),
            Chunk("""{"content":"Both"}"""),
            Chunk("""{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":""}}]}"""),
            Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]}"""),
            Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}"""),
            Chunk("""{"tool_calls":[{"index":1,"id":"t2","type":"function","function":{"name":"g","arguments":""}}]}"""),
            Chunk("""{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}"""),
            Chunk("""{"tool_calls":[{"index":2,"id":"t3","type":"function","function":{"name":"h","arguments":""}}]}"""),
            Chunk("""{"tool_calls":[{"index":2,"function":{"arguments":"{\"b\":2}"}}]}"""),
            Chunk("{}", "tool_calls"),
            Usage(72, 7, 60, 2)]));
    }

    [TestCase("max_tokens", "length")]
    [TestCase("model_context_window_exceeded", "length")]
    [TestCase("stop_sequence", "stop")]
    [TestCase("refusal", "content_filter")]
    [TestCase("pause_turn", "stop")]
    [TestCase("compaction", "stop")]
    public async Task Refusal_AndOtherReasons_WithoutABlock(string stopReason, string finishReason) => Assert.That(
        await TranslateAsync(Start, End(stopReason), Stop),
        Is.EqualTo([Chunk("""{"role":"assistant","content":""}"""), Chunk("{}", finishReason), Usage(72, 7, 60, 2)]));

    [Test]
    public async Task SeveralMessageDeltas_GiveOneFinishReasonAndOneUsage()
    {
        var events = await TranslateAsync(
            Start, """{"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":3}}""", End("max_tokens"), Stop);

        Assert.That(events, Is.EqualTo([Chunk("""{"role":"assistant","content":""}"""), Chunk("{}", "length"), Usage(72, 7, 60, 2)]));
    }

    [Test]
    public async Task Stream_ThatEndsWithoutItsLastEvent_IsFinished() => Assert.That(
        (await TranslateAsync(Start, """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}"""))[^1], Is.EqualTo(Chunk("{}", "stop")));

    // Counting and charging read the chunks of the adapter: each of its values stays on exactly one.
    [Test]
    public async Task Values_OfTheAdapter_StandOnOneChunkEach()
    {
        var source = Wires.MessageChunks([Start, Delta(0, """{"type":"text_delta","text":"x"}"""), """{"type":"ping"}""", End("end_turn"), Stop]).ToList();

        var chunks = await Wires.TranslateAsync(Wires.Across(WireKind.OpenAiChat, streams: true), source);

        Assert.That(chunks.Where(chunk => chunk.Usage is not null).Select(chunk => chunk.Usage!.Value.CompletionTokens), Is.EqualTo([7]));
        Assert.That(chunks.Where(chunk => chunk.FinishReason is not null).Select(chunk => chunk.FinishReason), Is.EqualTo(["end_turn"]));
        Assert.That(chunks.Where(chunk => chunk.Content is not null).Select(chunk => chunk.Content), Is.EqualTo(["x"]));
        Assert.That(chunks.Where(chunk => chunk.IsUsageOnly).Select(chunk => Wires.Text(chunk.Json)), Is.EqualTo([Usage(72, 7, 60, 2)]));
        Assert.That(chunks.Count(chunk => chunk.Json.IsEmpty), Is.EqualTo(2));
        Assert.That(chunks.Where(chunk => chunk.EventType is not null), Is.Empty);
    }

    // The client must not take a cut stream for a whole one.
    [Test]
    public async Task Stream_ThatFails_FailsWithoutAFinishReason()
    {
        var source = Wires.Stream(Wires.MessageChunks([Start, End("end_turn")]), Sample.Failure(Domain.ErrorCode.ProviderFailed));
        await using var stream = Wires.Translator().ToClient("alpha", Wires.Across(WireKind.OpenAiChat, streams: true), new ModelReply { Model = "m", Chunks = source }).Chunks!;
        var seen = new List<string>();

        await Assert.ThrowsAsync<Domain.ProviderException>(async () =>
        {
            while (await stream.MoveNextAsync()) seen.Add(Wires.Text(stream.Current.Json));
        });

        Assert.That(seen, Is.EqualTo([Chunk("""{"role":"assistant","content":""}"""), ""]));
    }

    private static Task<string[]> TranslateAsync(params string[] events) =>
        Wires.EventsAsync(Wires.Across(WireKind.OpenAiChat, streams: true), Wires.MessageChunks(events));

    private static string Block(int index, string block) => $$"""{"type":"content_block_start","index":{{index}},"content_block":{{block}}}""";

    private static string Delta(int index, string delta) => $$"""{"type":"content_block_delta","index":{{index}},"delta":{{delta}}}""";

    private static string End(string stopReason) =>
        $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{stopReason}}}","stop_sequence":null},"usage":{"input_tokens":10,"cache_read_input_tokens":60,"cache_creation_input_tokens":2,"output_tokens":7}}""";

    private static string Chunk(string delta, string? finishReason = null) =>
        $"{{{Head},\"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":{(finishReason is null ? "null" : $"\"{finishReason}\"")}}}]}}";

    private static string Usage(int prompt, int completion, int cached, int written) =>
        $"{{{Head},\"choices\":[],\"usage\":{{\"prompt_tokens\":{prompt},\"completion_tokens\":{completion},\"total_tokens\":{prompt + completion},"
        + $"\"prompt_tokens_details\":{{\"cached_tokens\":{cached},\"cache_write_tokens\":{written}}},\"completion_tokens_details\":{{\"reasoning_tokens\":0}}}}}}";
}
