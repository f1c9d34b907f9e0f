namespace AiGateway.SideBySide.Measuring;

/// <summary>The metrics in the order of the table.</summary>
internal static class Metrics
{
    public static readonly Metric Cpu = new("CPU per request, us", 5) { Goal = "2.0 x, aim 1.6 x" };
    public static readonly Metric PostgresCpu = new("PostgreSQL's CPU per request, us", 5) { RatioTo = Cpu };
    public static readonly Metric PerSecond = new("requests a second", 200) { IsMoreBetter = true };
    public static readonly Metric P50 = new("p50 at full load, ms", 0.2);
    public static readonly Metric P99 = new("p99 at full load, ms", 2);

    public static readonly OpenLoopMetrics Slow = new(200);
    public static readonly OpenLoopMetrics Fast = new(1000);

    public static readonly Metric ChunkCpu = new("CPU per streamed chunk, us", 5) { Goal = "1.2 x" };
    public static readonly Metric FirstChunk = new("time to first chunk, ms", 0.2);
    public static readonly Metric AddedFirstChunk = new("added time to first chunk, ms", 0.2) { AddedIn = FirstChunk, Goal = OpenLoopMetrics.GoalOfP50 };
    public static readonly Metric Gap = new("gap between chunks, ms", 0.2);

    public static readonly Metric Start = new("cold start to first reply, ms", 50) { Goal = "800" };
    public static readonly Metric IdleMemory = new("memory after first reply, MiB", 5);
    public static readonly Metric LoadMemory = new("memory under load, MiB", 10) { Goal = "250" };
    public static readonly Metric StreamMemory = new("memory per open stream, KiB", 15) { Goal = "150" };

    public static readonly IReadOnlyList<Metric> All =
    [
        Cpu, PostgresCpu, PerSecond, P50, P99, .. Slow.All, .. Fast.All, ChunkCpu, FirstChunk, AddedFirstChunk, Gap,
        Start, IdleMemory, LoadMemory, StreamMemory,
    ];
}
