using AiGateway.Application.Generation;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Echo;

namespace AiGateway.Infrastructure.Tests.Providers.Echo;

[TestFixture]
internal sealed class EchoStreamTests
{
    private const string Start = """{"id":"chatcmpl-0199c0de00007000800000000000abcd","object":"chat.completion.chunk","created":1795341600""";
    private readonly EchoModelAdapter _echo = new(new FixedPrices(), new WordTokens(), new WatchedTime());

    [Test]
    public async Task Echo_WhenStreamed_WritesOpenAisChunksWordByWord()
    {
        var (payloads, chunks, failure) = await StreamAsync(request => request with { Prompt = "a  b" });

        Assert.Multiple(() =>
        {
            Assert.That(failure, Is.Null);
            Assert.That(payloads, Is.EqualTo(new[]
            {
                Start + ""","model":"gpt-test","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}""",
                Start + ""","model":"gpt-test","choices":[{"index":0,"delta":{"content":"Echo: "},"logprobs":null,"finish_reason":null}]}""",
                Start + ""","model":"gpt-test","choices":[{"index":0,"delta":{"content":"a  "},"logprobs":null,"finish_reason":null}]}""",
                Start + ""","model":"gpt-test","choices":[{"index":0,"delta":{"content":"b"},"logprobs":null,"finish_reason":null}]}""",
                Start + ""","model":"gpt-test","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}""",
                Start + ""","model":"gpt-test","choices":[],"usage":{"prompt_tokens":6,"completion_tokens":3,"total_tokens":9}}""",
            }));
            Assert.That(string.Concat(chunks.Select(chunk => chunk.Text)), Is.EqualTo("Echo: a  b"));
            Assert.That(chunks[^1].Usage, Is.EqualTo(new TokenUsage(6, 3)));
            Assert.That(chunks.Select(chunk => chunk.IsUsageOnly), Is.EqualTo(new[] { false, false, false, false, false, true }));
            Assert.That(chunks.Select(chunk => chunk.FinishReason), Is.EqualTo(new[] { null, null, null, null, "stop", null }));
        });
    }

    [Test]
    public async Task Echo_WhenStreamed_CanBeReadByTheOpenAiReader()
    {
        var (payloads, chunks, _) = await StreamAsync(request => request with { Prompt = "a b c", Choices = 2 });

        for (var i = 0; i < payloads.Count; i++)
        {
            Application.OpenAiWire.OpenAiChunk.Read(
                System.Text.Encoding.UTF8.GetBytes(payloads[i]), null, i == 0 ? null : "gpt-test", out var read);
            Assert.That(read with { Json = default }, Is.EqualTo(chunks[i] with { Json = default, Model = i == 0 ? "gpt-test" : null }), payloads[i]);
        }
    }

    [Test]
    public async Task Echo_WhenItsReaderLeaves_Stops()
    {
        using var caller = new CancellationTokenSource();
        var reply = await _echo.GenerateAsync(TestCall.Of(request => request with { Stream = true }), caller.Token);
        await using var stream = reply.Chunks!;
        await stream.MoveNextAsync();

        await caller.CancelAsync();

        Assert.That(async () => await stream.MoveNextAsync(), Throws.InstanceOf<OperationCanceledException>());
    }

    private async Task<(List<string> Payloads, List<ReplyChunk> Chunks, Exception? Failure)> StreamAsync(Func<Generate, Generate> change)
    {
        var reply = await _echo.GenerateAsync(TestCall.Of(request => change(request) with { Stream = true }), CancellationToken.None);
        return await reply.ReadAsync();
    }
}
