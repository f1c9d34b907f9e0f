using System.Text.Json;
using AiGateway.Application.Requests;
using AiGateway.Application.Tests.Translation.Samples;

namespace AiGateway.Application.Tests.Translation;

/// <summary>Streams of chat completions as events of Anthropic's wire, exactly, whatever habits the server has.</summary>
public sealed class ChunksToEventsTests
{
    private const string Usage = """{"id":"c1","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_tokens_details":{"cached_tokens":60}}}""";
    private const string Start = """{"type":"message_start","message":{"id":"c1","type":"message","role":"assistant","model":"gpt","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":42,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}}}""";
    private const string Stop = """{"type":"message_stop"}""";

    [Test]
    public async Task Text_AndReasoning_AreBlocksOfTheirOwn()
    {
        var events = await TranslateAsync(
            """{"id":"","model":"","choices":[],"prompt_filter_results":[]}""",
            Delta("""{"role":"assistant","content":""}"""),
            Delta("""{"reasoning_content":"H"}"""),
            Delta("""{"reasoning":"m"}"""),
            Delta("""{"content":"Hel"}"""),
            Delta("""{"content":"lo","reasoning_content":null}"""),
            Delta("{}", "stop"),
            Usage);

        Assert.That(events, Is.EqualTo([
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"H"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"m"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hel"}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"lo"}}""",
            """{"type":"content_block_stop","index":1}""",
            End("end_turn"),
            Stop]));
    }

    // The first call is streamed; the later one waits, so no blocks overlap.
    [Test]
    public async Task Tools_ThatInterleave_AreOneAfterTheOther()
    {
        var events = await TranslateAsync(
            Delta("""{"content":"Both"}"""),
            Delta("""{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}"""),
            Delta("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}},{"index":1,"id":"b","function":{"name":"g","arguments":"{"}}]}"""),
            Delta("""{"tool_calls":[{"index":1,"function":{"arguments":"}"}}]}"""),
            Delta("""{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}"""),
            Delta("{}", "tool_calls"),
            Usage);

        Assert.That(events[4..], Is.EqualTo([
            """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"x\":"}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"1}"}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"b","name":"g","input":{}}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{}"}}""",
            """{"type":"content_block_stop","index":2}""",
            End("tool_use"),
            Stop]));
    }

    // Each case is two calls, f with {"x":1} and g without arguments.
    [TestCase(
        """[{"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"b","function":{"name":"g","arguments":""}}]""",
        TestName = "Tools_WithoutIndex")]
    [TestCase(
        """[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}},{"index":0,"id":"b","function":{"name":"g"}}]""",
        TestName = "Tools_WithOneIndexForAll")]
    [TestCase(
        """[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":"}},{"index":0,"id":"a","function":{"name":"f","arguments":"1}"}},{"index":1,"id":"b","function":{"name":"g","arguments":""}}]""",
        TestName = "Tools_WithIdAndNameRepeated")]
    [TestCase(
        """[{"index":3,"id":"a","function":{"arguments":"{\"x\""}},{"index":3,"id":"","function":{"name":"f","arguments":":1}"}},{"index":7,"id":"b","function":{"name":"g"}}]""",
        TestName = "Tools_WithALateNameAndOtherIndexes")]
    public async Task Tools_OfOddServers(string parts)
    {
        var deltas = JsonDocument.Parse(parts).RootElement.EnumerateArray().Select(part => Delta($$"""{"tool_calls":[{{part.GetRawText()}}]}""")).ToArray();

        var blocks = Blocks(await TranslateAsync([.. deltas, Delta("{}", "stop"), Usage]));

        Assert.That(blocks, Is.EqualTo(["""tool_use a f {"x":1}""", "tool_use b g "]));
    }

    [Test]
    public async Task Tools_WithoutIds_GetOneEach()
    {
        var blocks = Blocks(await TranslateAsync(
            Delta("""{"tool_calls":[{"function":{"name":"f","arguments":"{"}}]}"""),
            Delta("""{"tool_calls":[{"function":{"arguments":"}"}}]}"""),
            Delta("""{"tool_calls":[{"function":{"name":"g","arguments":"{}"}}]}"""),
            Delta("{}", "tool_calls")));

        Assert.That(blocks, Is.EqualTo(["tool_use call_c1_0 f {}", "tool_use call_c1_1 g {}"]));
    }

    [Test]
    public async Task FunctionCall_OfAnOlderServer_IsATool()
    {
        var blocks = Blocks(await TranslateAsync(
            Delta("""{"function_call":{"name":"f","arguments":""}}"""), Delta("""{"function_call":{"arguments":"{}"}}"""), Delta("{}", "function_call")));

        Assert.That(blocks, Is.EqualTo(["tool_use call_c1_0 f {}"]));
    }

    [Test]
    public async Task Text_AfterATool_IsABlockAfterAllTools()
    {
        var blocks = Blocks(await TranslateAsync(
            Delta("""{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]}"""),
            Delta("""{"content":"late"}"""),
            Delta("""{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}"""),
            Delta("{}", "tool_calls")));

        Assert.That(blocks, Is.EqualTo(["tool_use a f {}", "text late"]));
    }

    [TestCase("length", "max_tokens")]
    [TestCase("content_filter", "refusal")]
    [TestCase("eos", "end_turn")]
    [TestCase("tool_calls", "end_turn")]
    public async Task FinishReason_BecomesAStopReason(string finishReason, string stopReason) => Assert.That(
        (await TranslateAsync(Delta("""{"content":"x"}""", finishReason), Usage))[^2], Is.EqualTo(End(stopReason)));

    [Test]
    public async Task Refusal_IsTextAndItsStopReason()
    {
        var events = await TranslateAsync(Delta("""{"content":null,"refusal":"No."}"""), Delta("{}", "stop"), Usage);

        Assert.That(Blocks(events), Is.EqualTo(["text No."]));
        Assert.That(events[^2], Is.EqualTo(End("refusal")));
    }

    [Test]
    public async Task Usage_InTheLastChunkOrInEvery_IsTheLastOne()
    {
        const string UsageEarly = ""","usage":{"prompt_tokens":100,"completion_tokens":1,"total_tokens":101}""";
        const string UsageAtLast = ""","usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_tokens_details":{"cached_tokens":60}}""";

        var events = await TranslateAsync(Delta("""{"content":"x"}""", rest: UsageEarly), Delta("{}", "stop", UsageAtLast));

        Assert.That(events[^2], Is.EqualTo(End("end_turn")));
    }

    [Test]
    public async Task Stream_WithoutFinishReasonAndUsage_IsFinishedAndCounted() => Assert.That(
        (await TranslateAsync(Delta("""{"content":"Hello"}""")))[^2],
        Is.EqualTo("""{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":42,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":5}}"""));

    [Test]
    public async Task StopSequence_WhereTheServerTellsIt_IsNamed() => Assert.That(
        (await TranslateAsync(Delta("""{"content":"x"}""", "stop", choiceRest: ""","stop_reason":"END" """), Usage))[^2],
        Does.Contain("""{"stop_reason":"stop_sequence","stop_sequence":"END"}"""));

    [Test]
    public async Task Choices_BesideTheFirst_AreIgnored() => Assert.That(
        Blocks(await TranslateAsync("""{"id":"c1","choices":[{"index":1,"delta":{"content":"no"}}]}""", Delta("""{"content":"yes"}""", "stop"))), Is.EqualTo(["text yes"]));

    [Test]
    public async Task Stream_WithoutAnyChoice_IsAnEmptyMessage() => Assert.That(
        (await TranslateAsync(Usage)).Select(TypeOf), Is.EqualTo(["message_start", "message_delta", "message_stop"]));

    [Test]
    public async Task Events_HaveTheNameOfTheirType()
    {
        var chunks = await Wires.TranslateAsync(Call(), Wires.ChatChunks([Delta("""{"content":"x"}""", "stop"), Usage]));

        Assert.That(chunks.Where(chunk => !chunk.Json.IsEmpty).Select(chunk => chunk.EventType), Is.EqualTo(
            chunks.Where(chunk => !chunk.Json.IsEmpty).Select(chunk => TypeOf(Wires.Text(chunk.Json)))));
        Assert.That(chunks.Where(chunk => chunk.IsUsageOnly), Is.Empty);
        Assert.That(chunks.Count(chunk => chunk.Usage is not null), Is.EqualTo(1));
    }

    private static Task<string[]> TranslateAsync(params string[] events) => Wires.EventsAsync(Call(), Wires.ChatChunks(events));

    private static Providers.ModelCall Call() =>
        Wires.Across(WireKind.AnthropicMessages, """{"messages":[{"role":"user","content":"Hi"}],"stop_sequences":["END"]}""", streams: true);

    private static string Delta(string delta, string? finishReason = null, string rest = "", string choiceRest = "") =>
        $$"""{"id":"c1","object":"chat.completion.chunk","model":"gpt","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{(finishReason is null ? "null" : $"\"{finishReason}\"")}}{{choiceRest}}}]{{rest}}}""";

    private static string End(string stopReason) =>
        $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{stopReason}}}","stop_sequence":null},"usage":{"input_tokens":40,"cache_creation_input_tokens":0,"cache_read_input_tokens":60,"output_tokens":20}}""";

    private static string TypeOf(string json) => JsonDocument.Parse(json).RootElement.GetProperty("type").GetString()!;

    /// <summary>The blocks as a client puts them together, each checked to be the only open one.</summary>
    private static List<string> Blocks(IEnumerable<string> events) => ReadBack.Blocks(events);
}
