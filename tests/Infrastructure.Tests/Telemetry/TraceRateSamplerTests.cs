using System.Diagnostics;
using AiGateway.Infrastructure.Telemetry;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry.Trace;

namespace AiGateway.Infrastructure.Tests.Telemetry;

internal sealed class TraceRateSamplerTests
{
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public void Traces_AreKeptUpToTheRate()
    {
        var sampler = new TraceRateSampler(_clock);

        Assert.That(Kept(sampler, 100), Is.EqualTo(TraceRateSampler.PerSecond), "at once");
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(Kept(sampler, 100), Is.EqualTo(TraceRateSampler.PerSecond / 10), "after a tenth of a second");
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.That(Kept(sampler, 100), Is.EqualTo(TraceRateSampler.PerSecond), "a pause saves no more than a second");
    }

    [Test]
    public void Traces_WhenBegunByManyThreads_AreKeptUpToTheRate()
    {
        var sampler = new TraceRateSampler(_clock);
        var kept = 0;

        Parallel.For(0, 1_000, _ => Interlocked.Add(ref kept, Kept(sampler, 1)));

        Assert.That(kept, Is.EqualTo(TraceRateSampler.PerSecond));
    }

    private static int Kept(TraceRateSampler sampler, int traces)
    {
        var parameters = new SamplingParameters(default, ActivityTraceId.CreateRandom(), "request", ActivityKind.Server);
        return Enumerable.Range(0, traces).Count(_ => sampler.ShouldSample(parameters).Decision == SamplingDecision.RecordAndSample);
    }
}
