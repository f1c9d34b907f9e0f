using System.Diagnostics;

namespace AiGateway.SideBySide;

/// <summary>The measurements of one target, one figure for each round.</summary>
internal sealed class Figures(Target target)
{
    private readonly List<double> _cpuMicroseconds = [];
    private readonly List<double> _perSecond = [];
    private readonly List<double> _p50 = [];
    private readonly List<double> _p99 = [];
    private readonly List<double> _cpuMicrosecondsPerChunk = [];
    private readonly List<double> _firstChunk = [];
    private readonly List<double> _gap = [];
    private readonly List<double> _memory = [];

    public Target Target { get; } = target;

    public double CpuMicroseconds => Median(_cpuMicroseconds);

    public double PerSecond => Median(_perSecond);

    public double P50Milliseconds => Median(_p50);

    public double P99Milliseconds => Median(_p99);

    public double CpuMicrosecondsPerChunk => Median(_cpuMicrosecondsPerChunk);

    /// <summary>The median time to the first chunk.</summary>
    public double FirstChunkMilliseconds => Median(_firstChunk);

    /// <summary>The mean gap between chunks.</summary>
    public double GapMilliseconds => Median(_gap);

    public double MemoryMiB => Median(_memory);

    public async Task MeasureAsync(int requests, int connections, int streams, int streamsAtOnce)
    {
        using var load = new Load(Target);
        await load.PlainAsync(connections, connections);
        var (cpuBefore, startedAt) = (Target.CpuTime, Stopwatch.GetTimestamp());
        var times = await load.PlainAsync(requests, connections);
        _perSecond.Add(requests / Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
        _cpuMicroseconds.Add((Target.CpuTime - cpuBefore).TotalMicroseconds / requests);
        _p50.Add(Percentile(times, 0.50));
        _p99.Add(Percentile(times, 0.99));

        cpuBefore = Target.CpuTime;
        var (first, gaps) = await load.StreamsAsync(streams, streamsAtOnce);
        _cpuMicrosecondsPerChunk.Add((Target.CpuTime - cpuBefore).TotalMicroseconds / (streams * Upstream.Chunks));
        _firstChunk.Add(Percentile(first, 0.50));
        _gap.Add(gaps.Average());
        _memory.Add(Target.MemoryMiB);
    }

    private static double Median(List<double> values) => Percentile([.. values], 0.50);

    private static double Percentile(double[] values, double share)
    {
        Array.Sort(values);
        return values[Math.Min(values.Length - 1, (int)(values.Length * share))];
    }
}
