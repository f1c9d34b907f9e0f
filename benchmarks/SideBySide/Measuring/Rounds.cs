using System.Diagnostics;
using AiGateway.SideBySide.Loads;
using AiGateway.SideBySide.Targets;

namespace AiGateway.SideBySide.Measuring;

/// <summary>Interleaved rounds of load. Each adds one sample for each candidate.</summary>
internal static class Rounds
{
    /// <summary>The number of concurrent streams of which times and costs are taken.</summary>
    public const int StreamsAtOnce = 8;

    private static readonly TimeSpan FirstSteps = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(IReadOnlyList<Candidate> candidates, Options options, LoadGeneratorHealth health)
    {
        foreach (var each in candidates) await WarmUpAsync(each, options);
        for (var round = 1; round <= options.Rounds; round++)
        {
            Progress.Say($"round {round} of {options.Rounds}");
            foreach (var each in candidates) await MeasureAsync(each, options, health);
        }
    }

    // The runtime compiles for some seconds of load. The measurement starts after that. A process whose code is not compiled yet may refuse
    // a full load as too much, so one connection goes first.
    private static async Task WarmUpAsync(Candidate candidate, Options options)
    {
        Progress.Say($"warm-up of {candidate.Name}");
        using var load = new Load([candidate.Target], [candidate.Key]);
        await load.PlainForAsync(FirstSteps, connections: 1);
        await load.PlainForAsync(TimeSpan.FromSeconds(options.WarmUpSeconds), options.Connections);
        await load.StreamsAsync(Math.Max(options.Streams / 2, 20), StreamsAtOnce);
    }

    private static async Task MeasureAsync(Candidate candidate, Options options, LoadGeneratorHealth health)
    {
        using var load = new Load([candidate.Target], [candidate.Key]);
        await load.PlainAsync(options.Connections, options.Connections);
        await MeasureFullLoadAsync(candidate, load, options);
        await MeasureStreamsAsync(candidate, load, options);
        foreach (var metrics in new[] { Metrics.Slow, Metrics.Fast }) await MeasureOpenLoopAsync(candidate, load, metrics, options, health);
    }

    private static async Task MeasureFullLoadAsync(Candidate candidate, Load load, Options options)
    {
        var (samples, startedAt, cost) = (candidate.Samples, Stopwatch.GetTimestamp(), Cost.Of(candidate));
        var times = await load.PlainAsync(options.Requests, options.Connections);
        samples.Add(Metrics.PerSecond, options.Requests / Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
        var spent = Cost.Of(candidate) - cost;
        samples.Add(Metrics.Cpu, spent.Process.TotalMicroseconds / options.Requests);
        if (candidate.Postgres is not null) samples.Add(Metrics.PostgresCpu, spent.Postgres.TotalMicroseconds / options.Requests);
        samples.Add(Metrics.P50, Statistics.Median(times));
        samples.Add(Metrics.P99, Statistics.Percentile(times, 0.99));
    }

    private static async Task MeasureStreamsAsync(Candidate candidate, Load load, Options options)
    {
        var cost = Cost.Of(candidate);
        var (first, gaps) = await load.StreamsAsync(options.Streams, StreamsAtOnce);
        candidate.Samples.Add(Metrics.ChunkCpu, (Cost.Of(candidate) - cost).Process.TotalMicroseconds / (options.Streams * Upstream.Chunks));
        candidate.Samples.Add(Metrics.FirstChunk, Statistics.Median(first));
        candidate.Samples.Add(Metrics.Gap, gaps.Average());
    }

    private static async Task MeasureOpenLoopAsync(
        Candidate candidate, Load load, OpenLoopMetrics metrics, Options options, LoadGeneratorHealth health)
    {
        var cost = Cost.Of(candidate);
        var (latencies, delays) = await OpenLoop.RunAsync(load, metrics.PerSecond, TimeSpan.FromSeconds(options.OpenLoopSeconds));
        candidate.Samples.Add(metrics.Cpu, (Cost.Of(candidate) - cost).Process.TotalMicroseconds / latencies.Length);
        candidate.Samples.Add(metrics.P50, Statistics.Median(latencies));
        candidate.Samples.Add(metrics.P99, Statistics.Percentile(latencies, 0.99));
        health.Add(Statistics.Percentile(delays, 0.99));
    }

    /// <summary>User and kernel time.</summary>
    private readonly record struct Cost(TimeSpan Process, TimeSpan Postgres)
    {
        public static Cost Of(Candidate candidate) =>
            new(candidate.Target.CpuTime, candidate.Postgres is { } server ? PostgresCost.CpuTime(server) : TimeSpan.Zero);

        public static Cost operator -(Cost later, Cost earlier) => new(later.Process - earlier.Process, later.Postgres - earlier.Postgres);
    }
}
