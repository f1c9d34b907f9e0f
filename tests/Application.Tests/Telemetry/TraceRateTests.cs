using AiGateway.Application.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Application.Tests.Telemetry;

internal sealed class TraceRateTests
{
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public void Traces_AreKeptUpToTheRate()
    {
        var rate = new TraceRate(_clock);

        Assert.That(Kept(rate, 100), Is.EqualTo(TraceRate.PerSecond), "at once");
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(Kept(rate, 100), Is.EqualTo(TraceRate.PerSecond / 10), "after a tenth of a second");
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.That(Kept(rate, 100), Is.EqualTo(TraceRate.PerSecond), "a pause saves no more than a second");
    }

    [Test]
    public void Traces_WhenBegunByManyThreads_AreKeptUpToTheRate()
    {
        var rate = new TraceRate(_clock);
        var kept = 0;

        Parallel.For(0, 1_000, _ => Interlocked.Add(ref kept, Kept(rate, 1)));

        Assert.That(kept, Is.EqualTo(TraceRate.PerSecond));
    }

    private static int Kept(TraceRate rate, int traces) => Enumerable.Range(0, traces).Count(_ => rate.TryTake());
}
