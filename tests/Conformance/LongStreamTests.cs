using AiGateway.Conformance.Tests.Hosting;

namespace AiGateway.Conformance.Tests;

/// <summary>Streams that stall, readers that are slow, and many streams at once.</summary>
internal sealed class LongStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private StandInGateway _stage = null!;

    [SetUp]
    public async Task StartAsync() => _stage = await StandInGateway.StartAsync(("AI_GATEWAY_STREAM_IDLE_TIMEOUT", "500"));

    [TearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Chat_WhenTheProviderStalls_EndsWithAnErrorEventAndACutNotWithDone()
    {
        using var stream = await RawStream.OpenAsync(_stage.Gateway, "fault:stall-after=5;chunks=50");
        var text = await stream.ReadUntilCutAsync();

        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(events, Has.Length.EqualTo(6));
        Assert.That(events[^1], Does.StartWith("data: {\"error\":{").And.Contain("provider_timeout"));
        Assert.That(text, Does.Not.Contain("[DONE]"));
        var row = (await _stage.Ledger.SettledRowsAsync()).Single();
        Assert.That((row.Status, row.UsageSource, row.ErrorCode), Is.EqualTo(("unknown", "held", "provider_timeout")));
        Assert.That(row.CostUsd, Is.EqualTo(row.HeldUsd));
        await AssertNothingHeldAsync();
    }

    [TestCase("streamToEnd")]
    [TestCase("responseToEnd")]
    public async Task Sdk_WhenTheProviderStalls_Raises(string scenario)
    {
        var seen = (await Sdk.Js.RunAsync(scenario, _stage.Gateway, new { text = "fault:stall-after=9;chunks=50" })).Value;

        Assert.That(seen.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("provider_timeout"));
        var upstream = _stage.StandIn.Requests.All.Single();
        await upstream.ClientLeft.WaitAsync(Patience, TimeProvider.System);
        await _stage.Ledger.SettledRowsAsync();
        await AssertNothingHeldAsync();
    }

    [Test]
    public async Task Chat_WhenTheClientReadsSlowly_SlowsTheProviderDown()
    {
        // The stream has 64 MiB. Only the buffers of two sockets and two servers may be filled ahead of the reader.
        const int Chunks = 8192;
        const int ChunkLength = 8192;
        const long MostAhead = 24 * 1024 * 1024;
        using var stream = await RawStream.OpenAsync(_stage.Gateway, $"chunks={Chunks};chunk-length={ChunkLength};usage=10:1000");
        await stream.ReadUntilAsync("one");
        var upstream = _stage.StandIn.Requests.All.Single();

        var sent = await WaitUntilUnchangedAsync(() => upstream.BytesSent);
        Assert.That(sent, Is.LessThan(MostAhead));
        Assert.That(upstream.Ended.IsCompleted, Is.False);

        var (read, end) = await stream.DrainAsync();
        Assert.That(end, Does.EndWith("data: [DONE]\n\n"));
        Assert.That(read, Is.GreaterThan((long)Chunks * ChunkLength));
        var row = (await _stage.Ledger.SettledRowsAsync()).Single();
        Assert.That((row.CompletionTokens, row.UsageSource, row.ErrorCode), Is.EqualTo((1000L, "provider", (string?)null)));
        await AssertNothingHeldAsync();
    }

    [Test]
    public async Task Chat_WhenManyStreamsAreOpen_ServesAndChargesEach()
    {
        const int Streams = 300;
        var open = await Task.WhenAll(Enumerable.Range(0, Streams).Select(async _ =>
        {
            var stream = await RawStream.OpenAsync(_stage.Gateway, "chunks=40;gap-ms=100");
            await stream.ReadUntilAsync("two");
            return stream;
        })).WaitAsync(Patience, TimeProvider.System);

        // All streams are open at once. Half of the readers leave, and half read to the end.
        var ends = await Task.WhenAll(open.Select(async (stream, index) =>
        {
            using (stream)
            {
                if (index % 2 == 0) return "left";
                await stream.ReadUntilAsync("[DONE]");
                return "stayed";
            }
        })).WaitAsync(Patience, TimeProvider.System);

        Assert.That(ends.Count(end => end == "stayed"), Is.EqualTo(Streams / 2));
        var rows = await _stage.Ledger.SettledRowsAsync();
        Assert.That(rows, Has.Count.EqualTo(Streams));
        Assert.That(rows.Count(row => row is { UsageSource: "provider", CompletionTokens: 40 }), Is.EqualTo(Streams / 2));
        Assert.That(rows.Count(row => row is { UsageSource: "counted", ErrorCode: "client_closed_request", CompletionTokens: > 0 and < 40 }), Is.EqualTo(Streams / 2));
        await AssertNothingHeldAsync();
    }

    private static async Task<long> WaitUntilUnchangedAsync(Func<long> count)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        var last = -1L;
        for (var still = 0; still < 4;)
        {
            Assert.That(TimeProvider.System.GetUtcNow(), Is.LessThan(deadline), "the count stops changing in time");
            await Task.Delay(Pause, TimeProvider.System);
            still = count() == last ? still + 1 : 0;
            last = count();
        }

        return last;
    }

    private async Task AssertNothingHeldAsync()
    {
        var found = await _stage.Ledger.VerifyAsync();
        Assert.That((found.Balanced, found.Held), Is.EqualTo((true, 0L)));
    }
}
