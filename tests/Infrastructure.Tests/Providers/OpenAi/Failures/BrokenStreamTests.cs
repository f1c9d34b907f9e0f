using System.Text;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Targets;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi.Failures;

/// <summary>Streams that end without [DONE].</summary>
[TestFixture]
internal sealed class BrokenStreamTests
{
    private const string Framed = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Unframed = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
    private static readonly ModelCall Streamed = TestCall.Of(request => request with { Stream = true });
    private static readonly byte[] Whole = Encoding.UTF8.GetBytes(StreamedText.Whole);

    // The cuts are before the finish reason. A body that ends properly after it is complete, with or without the rest.
    [TestCase(true)]
    [TestCase(false)]
    public async Task Stream_WhenCutAnywhere_NeverLooksFinished(bool isFramed)
    {
        var finished = StreamedText.Events(StreamedText.Chunks[..4]).Length;
        // Cuts at every seventh byte and at each of the last thirty. They hit boundaries of events as well as the inside of events.
        for (var length = 0; length < Whole.Length; length += length < Whole.Length - 30 ? 7 : 1)
        {
            var received = Whole[..length];
            if (!isFramed && Encoding.UTF8.GetString(received).Length >= finished - 2) break;
            var events = CountOf(received, isFramed);
            await using var provider = new RawProvider(isFramed
                ? [.. Encoding.ASCII.GetBytes($"{Framed}{Whole.Length:x}\r\n"), .. received]
                : [.. Encoding.ASCII.GetBytes(Unframed), .. received]);
            await using var wire = OpenAiWire.At(provider.Address, new() { MaxRetries = 0 });

            if (events == 0)
            {
                var early = await wire.FailAsync(Streamed);
                Assert.That(early.Code, Is.EqualTo(ErrorCode.ProviderFailed), $"cut at {length}");
                continue;
            }

            var (payloads, _, failure) = await (await wire.AskAsync(Streamed)).ReadAsync();
            Assert.That(payloads, Is.EqualTo(StreamedText.Chunks[..events]), $"cut at {length}");
            Assert.That((failure as ProviderException)?.Code, Is.EqualTo(ErrorCode.ProviderFailed), $"cut at {length}");
            Assert.That(failure!.Message, Is.EqualTo("The provider openai broke off its reply."));
            Assert.That(wire.Log.Lines, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Model_WhoseStreamsBreakOff_CoolsDown()
    {
        var broken = Whole[..(Whole.Length * 3 / 4)];
        await using var cutting = new RawProvider([.. Encoding.ASCII.GetBytes($"{Framed}{Whole.Length:x}\r\n"), .. broken]);
        await using var wire = OpenAiWire.At(cutting.Address, new() { MaxRetries = 0 });
        var user = Streamed.Request.UserId;

        for (var i = 0; i < TargetCooldown.FailuresToCool; i++)
        {
            Assert.That(wire.Adapter.CoolsUntil(Streamed.Model.Model, user), Is.Null, $"after {i} failures");
            await (await wire.AskAsync(Streamed)).ReadAsync();
        }

        Assert.That(wire.Adapter.CoolsUntil(Streamed.Model.Model, user), Is.Not.Null);
        Assert.That(wire.Adapter.Cooling().Single().Reason, Is.EqualTo(ErrorCode.ProviderFailed));
    }

    [Test]
    public async Task Model_WhoseStreamsAreEmpty_CoolsDown()
    {
        await using var provider = new RawProvider(Encoding.ASCII.GetBytes(Unframed + "data: [DONE]\n\n"));
        await using var wire = OpenAiWire.At(provider.Address, new() { MaxRetries = 0 });

        for (var i = 0; i < TargetCooldown.FailuresToCool; i++) await wire.FailAsync(Streamed);

        Assert.That(wire.Adapter.CoolsUntil(Streamed.Model.Model, Streamed.Request.UserId), Is.Not.Null);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Stream_WhenCutAfterItsEnd_IsWhole(bool isFramed)
    {
        await using var provider = new RawProvider(isFramed
            ? [.. Encoding.ASCII.GetBytes($"{Framed}{Whole.Length:x}\r\n"), .. Whole]
            : [.. Encoding.ASCII.GetBytes(Unframed), .. Whole]);
        await using var wire = OpenAiWire.At(provider.Address, new());

        var (payloads, _, failure) = await (await wire.AskAsync(Streamed)).ReadAsync();

        Assert.That(failure, Is.Null);
        Assert.That(payloads, Is.EqualTo(StreamedText.Chunks));
    }

    [Test]
    public async Task Stream_WhenItStalls_TimesOutAndClosesTheConnection()
    {
        var time = new WatchedTime();
        var settings = new Infrastructure.Providers.ProviderSettings { StreamIdleTimeout = TimeSpan.FromSeconds(17) };
        await using var wire = await OpenAiWire.StartAsync(
            settings, time, Answers.HangAfter(StreamedText.Events(StreamedText.Chunks[..2]), "text/event-stream"));
        var reading = (await wire.AskAsync(Streamed)).ReadAsync();

        await time.PassAsync(TimeSpan.FromSeconds(17));
        await time.PassAsync(TimeSpan.FromSeconds(17));

        var (payloads, _, failure) = await reading;
        await wire.Provider.HangUpAsync();
        Assert.Multiple(() =>
        {
            Assert.That(payloads, Has.Count.EqualTo(2));
            Assert.That(failure, Is.InstanceOf<ProviderTimeoutException>());
            Assert.That(failure!.Message, Is.EqualTo("The provider openai did not answer within 17000 ms."));
            Assert.That(
                wire.Log.Lines,
                Is.EqualTo(new[] { $"Warning Request {TestCall.RequestId}: the stream of provider openai ended with provider_timeout" }));
        });
    }

    [Test]
    public async Task Stream_WhenItStallsBeforeItsFirstChunk_TimesOutLikeAPlainCall()
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(new(), time, Answers.HangAfter(": ping\n\n", "text/event-stream"));
        var failing = wire.FailAsync(Streamed);
        await wire.Provider.ArrivalsAsync();

        await time.PassAsync(TimeSpan.FromSeconds(30));

        Assert.That(await failing, Is.InstanceOf<ProviderTimeoutException>());
        await wire.Provider.HangUpAsync();
    }

    [TestCase("""data: {"error":{"message":"CANARY","type":"server_error"}}""", "reported an error within its reply")]
    [TestCase("event: error\ndata: CANARY", "reported an error within its reply")]
    [TestCase("data: CANARY", "gave a malformed reply")]
    [TestCase("""data: {"choices":[{"delta":{"content":"CANARY""", "gave a malformed reply")]
    public async Task Stream_WhenAnEventIsFaulty_EndsThereAndShowsNothingOfIt(string wrong, string problem)
    {
        await using var wire = await OpenAiWire.StartAsync(StreamedText.Answer(
            StreamedText.Events(StreamedText.Chunks[..2]) + wrong + "\n\n" + StreamedText.Events(StreamedText.Chunks[2..]) + StreamedText.Done));

        var (payloads, _, failure) = await (await wire.AskAsync(Streamed)).ReadAsync();

        Assert.Multiple(() =>
        {
            Assert.That(payloads, Has.Count.EqualTo(2));
            Assert.That((failure as ProviderException)?.Code, Is.EqualTo(ErrorCode.ProviderFailed));
            Assert.That(failure!.Message, Is.EqualTo($"The provider openai {problem}."));
            Assert.That(failure.ToString() + string.Concat(wire.Log.Lines), Does.Not.Contain("CANARY"));
            Assert.That(wire.Log.Lines, Has.Count.EqualTo(1));
        });
    }

    [TestCase("data: CANARY", "gave a malformed reply")]
    [TestCase("data: [DONE]", "gave a malformed reply")]
    [TestCase("<html>CANARY</html>", "gave a malformed reply")]
    [TestCase("", "gave a malformed reply")]
    public async Task Stream_WhenItsFirstEventIsFaulty_FailsOnceBeforeItsFirstChunk(string first, string problem)
    {
        await using var wire = await OpenAiWire.StartAsync(StreamedText.Answer(first + "\n\n"));

        var failure = await wire.FailAsync(Streamed);

        Assert.Multiple(() =>
        {
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.ProviderFailed));
            Assert.That(failure.Message, Is.EqualTo($"The provider openai {problem}."));
            Assert.That(wire.Provider.Seen, Has.Count.EqualTo(1));
            Assert.That(wire.Log.Lines, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task Stream_WhenAnEventIsEndless_IsCutOff()
    {
        await using var wire = await OpenAiWire.StartAsync(async (request, http) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(StreamedText.Events(StreamedText.Chunks[0]) + "data: "));
            await Answers.Flood(http);
        });

        var (_, _, failure) = await (await wire.AskAsync(Streamed)).ReadAsync();

        Assert.That(failure!.Message, Is.EqualTo("The provider openai gave a reply that is too large."));
        await wire.Provider.HangUpAsync();
    }

    // At the proper end of a body, an event counts once its JSON is complete.
    private static int CountOf(byte[] received, bool isFramed)
    {
        var ends = Encoding.UTF8.GetString(received).Split(isFramed ? "\n\n" : "}\n").Length - 1;
        if (!isFramed && StreamedText.Chunks.Any(chunk => Encoding.UTF8.GetString(received).EndsWith(chunk, StringComparison.Ordinal))) ends++;
        return Math.Min(ends, StreamedText.Chunks.Length);
    }
}
