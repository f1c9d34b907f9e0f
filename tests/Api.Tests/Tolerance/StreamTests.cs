using System.Text.Json;
using AiGateway.Testing;
using static AiGateway.Api.Tests.Tolerance.Streams;

namespace AiGateway.Api.Tests.Tolerance;

/// <summary>Streams of chat completions that are unusual but complete.</summary>
internal sealed class StreamTests : ToleranceFixture
{
    private static readonly string[] Rest = [Finish, UsageChunk];
    private static readonly string Whole = Data([Chunk("a"), Chunk("b"), .. Rest]) + Done;

    private static IEnumerable<TestCaseData> WholeStreams()
    {
        yield return Case("as it should be", Body(Whole));
        yield return Case("data: null", Body(Data([Chunk("a"), "null", Chunk("b"), .. Rest]) + Done));
        yield return Case("an empty event", Body(Data([Chunk("a"), "", Chunk("b"), .. Rest]) + Done));
        yield return Case("choices null with usage", Body(Data(Chunk("a"), $$"""{"choices":null,"usage":{{Usage}}}""", Chunk("b"), Finish) + Done));
        yield return Case("an object without choices", Body(Data([Chunk("a"), """{"foo":1}""", Chunk("b"), .. Rest]) + Done));
        yield return Case("error: null", Body(Data([Chunk("a").Replace("{\"id\"", "{\"error\":null,\"id\"", StringComparison.Ordinal), Chunk("b"), .. Rest]) + Done));
        yield return Case("pings", Body(Data(Chunk("a")) + "event: ping\ndata: {}\n\n: ping\n\nretry: 3000\n\n\n\n" + Data([Chunk("b"), .. Rest]) + Done));
        yield return Case("pings first", Body(": ping\n\nevent: ping\ndata: {}\n\n" + Whole));
        yield return Case("ids", Body(Whole.Replace("data: {", "id: 7\ndata: {", StringComparison.Ordinal)));
        yield return Case("no blank after data:", Body(Whole.Replace("data: ", "data:", StringComparison.Ordinal)));
        yield return Case("CRLF", Body(Whole.ReplaceLineEndings("\r\n")));
        yield return Case("CR", Body(Whole.ReplaceLineEndings("\r")));
        yield return Case("BOM", Body("\uFEFF" + Whole));
        yield return Case("one line end between events", Body(Whole.Replace("\n\n", "\n", StringComparison.Ordinal) + "\n"));
        yield return Case("JSON over several lines", Body(Whole.Replace(",\"choices\"", ",\ndata: \"choices\"", StringComparison.Ordinal)));
        yield return Case("[DONE] with blanks", Body(Data([Chunk("a"), Chunk("b"), .. Rest]) + "data:  [DONE] \n\n"));
        yield return Case("[DONE] without a line end", Body(Data([Chunk("a"), Chunk("b"), .. Rest]) + "data: [DONE]"));
        yield return Case("no [DONE]", Body(Data([Chunk("a"), Chunk("b"), .. Rest])));
        yield return Case("usage in every chunk", Body(Data(
            WithUsage(Chunk("a"), 1), WithUsage(Chunk("b"), 2), WithUsage(Finish, 2)) + Done));
        yield return Case("usage of Groq", Body(Data(Chunk("a"), Chunk("b"), Finish.Replace("{\"id\"", $"{{\"x_groq\":{{\"usage\":{Usage}}},\"id\"", StringComparison.Ordinal)) + Done));
        yield return Case("called JSON", Body(Whole, "application/json"));
        yield return Case("gzip", Compressed(Whole, "gzip"));
        yield return Case("br", Compressed(Whole, "br"));
        yield return Case("deflate", Compressed(Whole, "deflate"));
        yield return Case("a plain reply", Body(Completion, "application/json"));
        yield return Case("a plain reply, called a stream", Body("\n\n" + Completion));
    }

    [TestCaseSource(nameof(WholeStreams))]
    public async Task Chat_WhenTheStreamIsOdd_IsWholeAndCharged(Answer answer)
    {
        Gateway.Provider.Answer = answer;

        var reply = (await User.Caller.ChatAsync(stream: true)).Expect(200);

        Assert.That(reply.StreamedText(), Is.EqualTo("ab"), reply.Text);
        AssertFramed(reply.Events().Select(each => each.Data).ToArray());
        Assert.That(reply.Header("Content-Encoding"), Is.Null);
        await AssertChargedAsync();
    }

    [TestCaseSource(nameof(WholeStreams))]
    public async Task Native_WhenTheStreamIsOdd_IsWholeAndCharged(Answer answer)
    {
        Gateway.Provider.Answer = answer;

        var reply = (await User.Caller.NativeAsync(stream: true)).Expect(200);

        Assert.That(reply.StreamedText(), Is.EqualTo("ab"), reply.Text);
        Assert.That(reply.Events()[^1].EventType, Is.EqualTo("done"));
        await AssertChargedAsync();
    }

    [TestCaseSource(nameof(WholeStreams))]
    public async Task Chat_WhenAPlainRequestIsAnsweredInAnotherForm_IsACompletion(Answer answer)
    {
        Gateway.Provider.Answer = answer;

        var reply = (await User.Caller.ChatAsync(stream: false)).Expect(200);

        var choice = reply.Json.GetProperty("choices")[0];
        Assert.That(choice.GetProperty("message").GetProperty("content").GetString(), Is.EqualTo("ab"));
        Assert.That(choice.GetProperty("finish_reason").GetString(), Is.EqualTo("stop"));
        Assert.That(reply.Json.GetProperty("object").GetString(), Is.EqualTo("chat.completion"));
        await AssertChargedAsync();
    }

    [Test]
    public async Task Chat_WhenUsageComesWithoutChoices_PassesItToAClientThatAskedForUsage()
    {
        Gateway.Provider.Answer = Body(Data(Chunk("a"), $$"""{"choices":null,"usage":{{Usage}}}""", Chunk("b"), Finish) + Done);

        var reply = (await User.Caller.ChatAsync(stream: true, wantsUsage: true)).Expect(200);

        Assert.That(reply.Events().Select(each => each.Data), Does.Contain($$"""{"choices":[],"usage":{{Usage}}}"""));
    }

    [Test]
    public async Task Chat_WhenAPlainReplyHasToolCalls_StreamsThem()
    {
        Gateway.Provider.Answer = Body(
            """{"id":"c1","object":"chat.completion","model":"odd-model","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""",
            "application/json");

        var reply = (await User.Caller.ChatAsync(stream: true)).Expect(200);

        var choice = JsonElement.Parse(reply.Events()[0].Data).GetProperty("choices")[0];
        Assert.That(
            choice.GetProperty("delta").GetProperty("tool_calls").GetRawText(),
            Is.EqualTo("""[{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":"{}"}}]"""));
        Assert.That((await RecordAsync()).GetProperty("usageSource").GetString(), Is.EqualTo("counted"));
    }

    [Test]
    public async Task Chat_WhenAPlainRequestIsAnsweredWithStreamedToolCalls_JoinsThem()
    {
        Gateway.Provider.Answer = Body(Data(
            """{"id":"c1","model":"odd-model","choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":""}}]}}]}""",
            """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}}]}""",
            """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}},{"index":1,"id":"t2","type":"function","function":{"name":"g","arguments":"{}"}}]}}]}""",
            """{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""") + Done);

        var reply = (await User.Caller.ChatAsync(stream: false)).Expect(200);

        Assert.That(
            reply.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls").GetRawText(),
            Is.EqualTo("""[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\u0022a\u0022:1}"}},{"id":"t2","type":"function","function":{"name":"g","arguments":"{}"}}]"""));
    }

    private static void AssertFramed(string[] data)
    {
        Assert.That(data[^1], Is.EqualTo("[DONE]"));
        foreach (var each in data[..^1])
            Assert.That(JsonElement.Parse(each).GetProperty("choices").ValueKind, Is.EqualTo(JsonValueKind.Array), each);
    }

    private static string WithUsage(string chunk, int completion) => chunk.Replace(
        "{\"id\"", $"{{\"usage\":{{\"prompt_tokens\":7,\"completion_tokens\":{completion},\"total_tokens\":{7 + completion}}},\"id\"", StringComparison.Ordinal);
}
