namespace AiGateway.SideBySide.Measuring;

/// <summary>The metrics of requests at fixed times.</summary>
internal sealed class OpenLoopMetrics
{
    /// <summary>The goal of each added median.</summary>
    public const string GoalOfP50 = "0.7, PostgreSQL 1.2";

    /// <param name="perSecond">The number of requests a second.</param>
    public OpenLoopMetrics(int perSecond)
    {
        PerSecond = perSecond;
        P50 = new Metric($"p50 at {perSecond}/s, ms", 0.1);
        P99 = new Metric($"p99 at {perSecond}/s, ms", 2);
        Cpu = new Metric($"CPU per request at {perSecond}/s, us", 30);
        All =
        [
            P50, new Metric($"added p50 at {perSecond}/s, ms", 0.1) { AddedIn = P50, Goal = GoalOfP50 },
            P99, new Metric($"added p99 at {perSecond}/s, ms", 2) { AddedIn = P99, Goal = "5" },
            Cpu,
        ];
    }

    public int PerSecond { get; }

    public Metric P50 { get; }

    public Metric P99 { get; }

    public Metric Cpu { get; }

    public IReadOnlyList<Metric> All { get; }
}
