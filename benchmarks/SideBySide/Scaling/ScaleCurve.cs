using System.Diagnostics;
using AiGateway.SideBySide.Loads;
using AiGateway.SideBySide.Measuring;
using AiGateway.SideBySide.Targets;

namespace AiGateway.SideBySide.Scaling;

/// <summary>Points that differ in one number. Their rounds are interleaved.</summary>
/// <param name="Title">What varies.</param>
/// <param name="Points">The points with their samples.</param>
internal sealed record ScaleCurve(string Title, IReadOnlyList<ScalePoint> Points)
{
    /// <summary>The share of the machine's processor time in which it was busy, in percent.</summary>
    public static readonly Metric Busy = new("processor busy, %", 2);

    /// <summary>The share of the requests that were refused, in percent.</summary>
    public static readonly Metric Refused = new("refused, %", 0.1);

    private static readonly TimeSpan FirstSteps = TimeSpan.FromSeconds(1);

    /// <summary>Starts the points, measures them and stops them.</summary>
    /// <param name="title">What varies.</param>
    /// <param name="starts">Starts the points, one after the other.</param>
    /// <param name="options">The load.</param>
    public static async Task<ScaleCurve> MeasureAsync(string title, IEnumerable<Func<Task<ScalePoint>>> starts, Options options)
    {
        Progress.Say(title);
        var points = new List<ScalePoint>();
        try
        {
            foreach (var start in starts) points.Add(await start());
            foreach (var point in points) await WarmUpAsync(point, options);
            for (var round = 1; round <= options.Rounds; round++)
            {
                Progress.Say($"round {round} of {options.Rounds}");
                foreach (var point in points) await MeasureAsync(point, options);
            }

            return new ScaleCurve(title, points);
        }
        finally
        {
            foreach (var point in points) point.Dispose();
        }
    }

    private static async Task WarmUpAsync(ScalePoint point, Options options)
    {
        Progress.Say($"warm-up of {point.Name}");
        using var load = new Load(point.Gateways, point.Keys) { CountsRefusals = true };
        await load.PlainForAsync(FirstSteps, point.Gateways.Count);
        await load.PlainForAsync(TimeSpan.FromSeconds(options.WarmUpSeconds), options.Connections);
    }

    private static async Task MeasureAsync(ScalePoint point, Options options)
    {
        using var load = new Load(point.Gateways, point.Keys) { CountsRefusals = true };
        await load.PlainAsync(options.Connections, options.Connections);
        var (refusals, machine, cpu, postgres) = (load.Refusals, MachineCost.Now(), point.CpuTime, PostgresTime(point));
        var startedAt = Stopwatch.GetTimestamp();
        var times = await load.PlainAsync(options.Requests, options.Connections);
        point.Samples.Add(Metrics.PerSecond, options.Requests / Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
        point.Samples.Add(Refused, 100.0 * (load.Refusals - refusals) / options.Requests);
        point.Samples.Add(Busy, MachineCost.Now().BusyPercentSince(machine));
        point.Samples.Add(Metrics.Cpu, (point.CpuTime - cpu).TotalMicroseconds / options.Requests);
        if (point.Server is not null) point.Samples.Add(Metrics.PostgresCpu, (PostgresTime(point) - postgres).TotalMicroseconds / options.Requests);
        point.Samples.Add(Metrics.P50, Statistics.Median(times));
        point.Samples.Add(Metrics.P99, Statistics.Percentile(times, 0.99));
    }

    private static TimeSpan PostgresTime(ScalePoint point) => point.Server is { } server ? PostgresCost.CpuTime(server) : TimeSpan.Zero;
}
