using AiGateway.Application.Providers;
using AiGateway.Domain;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Infrastructure.Tests.Providers.OpenAi;

/// <summary>Streams that succeed, and readers that leave.</summary>
[TestFixture]
internal sealed class OpenAiStreamTests
{
    private static readonly TimeSpan PatienceAfterDone = TimeSpan.FromMilliseconds(250);
    private static readonly ModelCall Streamed = TestCall.Of(request => request with { Stream = true });

    [Test]
    public async Task Stream_WhenComplete_HandsOutEveryPayloadUntouched()
    {
        await using var wire = await OpenAiWire.StartAsync(StreamedText.Answer(StreamedText.Whole));

        var reply = await wire.AskAsync(Streamed);
        var (payloads, chunks, failure) = await reply.ReadAsync();

        Assert.Multiple(() =>
        {
            Assert.That(failure, Is.Null);
            Assert.That(payloads, Is.EqualTo(StreamedText.Chunks));
            Assert.That(chunks.Select(chunk => chunk.Text), Is.EqualTo(new[] { null, "Hel", "lo ä😀.", null, null }));
            Assert.That(chunks.Select(chunk => chunk.FinishReason), Is.EqualTo(new[] { null, null, null, "stop", null }));
            Assert.That(chunks.Select(chunk => chunk.EventType), Is.All.Null);
            Assert.That(chunks[^1].Usage, Is.EqualTo(new TokenUsage(9, 3)));
            Assert.That(chunks.Select(chunk => chunk.IsUsageOnly), Is.EqualTo(new[] { false, false, false, false, true }));
            Assert.That(reply.Model, Is.EqualTo("gpt-test-0901"));
            Assert.That(reply.Usage, Is.Null);
            Assert.That(wire.Provider.Seen.Single().Body, Does.EndWith(""","stream":true,"stream_options":{"include_usage":true}}"""));
            Assert.That(wire.Log.Lines, Is.Empty);
        });
    }

    [TestCase("data: {0}\r\n\r\n", "data: [DONE]\r\n\r\n")]
    [TestCase("data:{0}\n\n", "data:[DONE]\n\n")]
    [TestCase(": ping\n\ndata: {0}\n\n: ping\n\n", "data: [DONE]\n\n")]
    [TestCase("id: 7\nretry: 100\ndata: {0}\n\n", "data: [DONE]\n\n")]
    public async Task Stream_InAnotherFraming_IsReadTheSame(string frame, string done)
    {
        var text = string.Concat(StreamedText.Chunks.Select(chunk => frame.Replace("{0}", chunk, StringComparison.Ordinal))) + done;
        await using var wire = await OpenAiWire.StartAsync(StreamedText.Answer(text));

        var (payloads, _, failure) = await (await wire.AskAsync(Streamed)).ReadAsync();

        Assert.That(failure, Is.Null);
        Assert.That(payloads, Is.EqualTo(StreamedText.Chunks));
    }

    [Test]
    public async Task Stream_WhenItsBodyEndsSoonAfterIt_LeavesTheConnectionToTheNextCall()
    {
        var time = new WatchedTime();
        var allowed = new TaskCompletionSource();
        await using var wire = await OpenAiWire.StartAsync(
            new(), time, StreamedText.Answer(StreamedText.Whole, allowed.Task, ""), Answers.Ok);
        var reading = (await wire.AskAsync(Streamed)).ReadAsync();
        await time.BegunAsync(PatienceAfterDone);

        allowed.SetResult();

        Assert.That((await reading).Failure, Is.Null);
        await wire.AskAsync();

        Assert.That(wire.Provider.Seen[1].Connection, Is.EqualTo(wire.Provider.Seen[0].Connection));
    }

    [Test]
    public async Task Stream_WhenItsBodyDoesNotEnd_StillEnds()
    {
        var time = new WatchedTime();
        await using var wire = await OpenAiWire.StartAsync(new(), time, Answers.HangAfter(StreamedText.Whole, "text/event-stream"));
        var reading = (await wire.AskAsync(Streamed)).ReadAsync();

        await time.PassAsync(PatienceAfterDone);

        var (payloads, _, failure) = await reading;
        Assert.That(failure, Is.Null);
        Assert.That(payloads, Is.EqualTo(StreamedText.Chunks));
        await wire.Provider.HangUpAsync();
    }

    [Test]
    public async Task Stream_AfterItsFirstChunk_IsReturned()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.HangAfter(StreamedText.Events(StreamedText.Chunks[1]), "text/event-stream"));

        var reply = await wire.AskAsync(Streamed);

        await using var stream = reply.Chunks!;
        Assert.That(await stream.MoveNextAsync(), Is.True);
        Assert.That(stream.Current.Text, Is.EqualTo("Hel"));
    }

    [Test]
    public async Task Stream_WithASlowReader_DoesNotTimeOut()
    {
        var time = new WatchedTime();
        var allowed = new TaskCompletionSource();
        await using var wire = await OpenAiWire.StartAsync(new(), time, StreamedText.Answer(
            StreamedText.Events(StreamedText.Chunks[..2]), allowed.Task, StreamedText.Events(StreamedText.Chunks[2..]) + StreamedText.Done));
        var reply = await wire.AskAsync(Streamed);
        await using var stream = reply.Chunks!;
        await stream.MoveNextAsync();
        await stream.MoveNextAsync();

        time.Advance(TimeSpan.FromHours(1));

        var last = stream.MoveNextAsync();
        allowed.SetResult();
        Assert.That(await last, Is.True);
        Assert.That(stream.Current.Text, Is.EqualTo("lo ä😀."));
    }

    [Test]
    public async Task Stream_WithCommentsOnly_DoesNotTimeOutAsIdle()
    {
        var (time, steps) = (new WatchedTime(), new SemaphoreSlim(0));
        var idle = TimeSpan.FromSeconds(17);
        await using var wire = await OpenAiWire.StartAsync(new() { StreamIdleTimeout = idle, Timeout = TimeSpan.FromMinutes(10) }, time, Pinging(steps));
        var reply = await wire.AskAsync(Streamed);
        await using var stream = reply.Chunks!;
        await stream.MoveNextAsync();
        var reading = stream.MoveNextAsync();

        for (var i = 0; i < 3; i++)
        {
            await time.BegunAsync(idle);
            time.Advance(TimeSpan.FromSeconds(16));
            steps.Release();
        }

        Assert.That(await reading, Is.True);
        Assert.That(stream.Current.Text, Is.EqualTo("lo ä😀."));
    }

    [Test]
    public async Task Stream_WithCommentsOnly_TimesOutAfterTheRequestTimeout()
    {
        var (time, steps) = (new WatchedTime(), new SemaphoreSlim(0));
        var idle = TimeSpan.FromSeconds(17);
        await using var wire = await OpenAiWire.StartAsync(new() { StreamIdleTimeout = idle, Timeout = TimeSpan.FromSeconds(20) }, time, Pinging(steps));
        var reply = await wire.AskAsync(Streamed);
        await using var stream = reply.Chunks!;
        await stream.MoveNextAsync();
        var reading = stream.MoveNextAsync();
        await time.BegunAsync(idle);
        time.Advance(TimeSpan.FromSeconds(16));
        steps.Release();

        await time.PassAsync(TimeSpan.FromSeconds(4));

        Assert.That(async () => await reading, Throws.InstanceOf<ProviderTimeoutException>());
        await wire.Provider.HangUpAsync();
    }

    [TestCase("""{"error":{"message":"m","code":503}}""")]
    [TestCase("""{"error":{"message":"m","type":"overloaded_error"}}""")]
    [TestCase("""{"error":{"message":"m"}}""")]
    [TestCase("""{"choices":[{"index":0,"delta":{},"finish_reason":"error","error":{"message":"m","code":502}}]}""")]
    public async Task Stream_WhenATransientErrorComesFirst_IsRetried(string error)
    {
        await using var wire = await OpenAiWire.StartAsync(StreamedText.Answer(StreamedText.Events(error)), StreamedText.Answer(StreamedText.Whole));

        var (payloads, _, _) = await (await wire.AskAsync(Streamed)).ReadAsync();

        Assert.That(payloads, Has.Count.EqualTo(StreamedText.Chunks.Length));
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Stream_WhenTheProviderIsBusyAtFirst_IsRetried()
    {
        await using var wire = await OpenAiWire.StartAsync(
            Answers.Status(429, ("retry-after-ms", "1")), StreamedText.Answer(StreamedText.Whole));

        var (payloads, _, _) = await (await wire.AskAsync(Streamed)).ReadAsync();

        Assert.That(payloads, Has.Count.EqualTo(StreamedText.Chunks.Length));
        Assert.That(wire.Provider.Seen, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Stream_WhenRefused_FailsWithTheRealStatus()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.Json("""{"error":{"message":"No."}}""", 422));

        var failure = await wire.FailAsync(Streamed);

        Assert.That(failure.Code, Is.EqualTo(ErrorCode.ProviderRejected));
        Assert.That(failure.ProviderStatus, Is.EqualTo(422));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Stream_WhenDisposed_ClosesTheConnection(bool isRead)
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.HangAfter(StreamedText.Events(StreamedText.Chunks[0]), "text/event-stream"));
        var reply = await wire.AskAsync(Streamed);
        if (isRead) await reply.Chunks!.MoveNextAsync();

        await reply.Chunks!.DisposeAsync();

        await wire.Provider.HangUpAsync();
        Assert.That(await reply.Chunks.MoveNextAsync(), Is.False);
        Assert.That(wire.Log.Lines, Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Stream_WhenTheCallerLeaves_ClosesTheConnection(bool isWaiting)
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.HangAfter(StreamedText.Events(StreamedText.Chunks[0]), "text/event-stream"));
        using var caller = new CancellationTokenSource();
        var reply = await wire.Adapter.GenerateAsync(Streamed, caller.Token);
        await using var stream = reply.Chunks!;
        await stream.MoveNextAsync();
        var waiting = isWaiting ? stream.MoveNextAsync().AsTask() : null;

        await caller.CancelAsync();

        await wire.Provider.HangUpAsync();
        Assert.That(async () => await (waiting ?? stream.MoveNextAsync().AsTask()), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(wire.Log.Lines, Is.Empty);
    }

    [Test]
    public async Task Stream_WhenTheCallerLeavesBeforeTheFirstChunk_ClosesTheConnection()
    {
        await using var wire = await OpenAiWire.StartAsync(Answers.HangAfter(": ping\n\n", "text/event-stream"));
        using var caller = new CancellationTokenSource();
        var asking = wire.Adapter.GenerateAsync(Streamed, caller.Token);
        await wire.Provider.ArrivalsAsync();

        await caller.CancelAsync();

        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
        await wire.Provider.HangUpAsync();
    }

    [Test]
    public async Task Streams_WhenManyRunAtOnce_AreNotMixed()
    {
        await using var wire = await OpenAiWire.StartAsync(StreamedText.Answer(StreamedText.Whole));

        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ => await (await wire.AskAsync(Streamed)).ReadAsync()));

        Assert.That(all.Select(one => one.Payloads), Is.All.EqualTo(StreamedText.Chunks));
    }

    // Sends a chunk, two comments and a chunk, each after one step of the semaphore.
    private static Testing.Answer Pinging(SemaphoreSlim steps) => async (_, http) =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(StreamedText.Events(StreamedText.Chunks[1]));
        for (var i = 0; i < 2; i++)
        {
            await http.Response.Body.FlushAsync();
            await steps.WaitAsync(http.RequestAborted);
            await http.Response.WriteAsync(": ping\n");
        }

        await http.Response.Body.FlushAsync();
        await steps.WaitAsync(http.RequestAborted);
        await http.Response.WriteAsync(StreamedText.Events(StreamedText.Chunks[2..]) + StreamedText.Done);
    };
}
