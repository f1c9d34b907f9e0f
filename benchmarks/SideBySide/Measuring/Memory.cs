using AiGateway.SideBySide.Loads;
using AiGateway.SideBySide.Targets;

namespace AiGateway.SideBySide.Measuring;

/// <summary>The largest resident memory under load and with many open streams.</summary>
internal static class Memory
{
    /// <summary>The number of streams that are open beside the plain requests.</summary>
    public const int StreamsUnderLoad = 100;

    /// <summary>The number of streams that are open at once.</summary>
    public const int ManyStreams = 1000;

    private const int FirstStreams = 40;
    private const double KiBInMiB = 1024;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    /// <summary>Adds a sample of the memory under load.</summary>
    public static async Task MeasureLoadAsync(Candidate candidate, Options options)
    {
        Progress.Say($"memory under load of {candidate.Name}");
        var time = TimeSpan.FromSeconds(options.MemorySeconds);
        using var load = new Load([candidate.Target], [candidate.Key]);
        var all = Task.WhenAll(load.SlowStreamsAsync(StreamsUnderLoad, time), load.PlainForAsync(time, options.Connections));
        candidate.Samples.Add(Metrics.LoadMemory, (await WatchAsync(candidate.Target, all, Step)).Max());
    }

    /// <summary>Adds a sample of the memory that an open stream adds.</summary>
    /// <remarks>
    /// The process is another one than that of the other measurements: after a full load, its heap has free space for all the streams. A few
    /// streams go first, because the code that they load is not the streams' own.
    /// </remarks>
    public static async Task MeasureStreamsAsync(Candidate candidate, Options options)
    {
        Progress.Say($"memory of {ManyStreams} streams of {candidate.Name}");
        using var target = await candidate.StartAnotherAsync();
        using var load = new Load(target);
        await load.StreamsAsync(FirstStreams, Rounds.StreamsAtOnce);
        var before = target.MemoryMiB;
        var most = (await WatchAsync(target, load.SlowStreamsAsync(ManyStreams, TimeSpan.FromSeconds(options.MemorySeconds)), Step)).Max();
        candidate.Samples.Add(Metrics.StreamMemory, Math.Max(0, most - before) * KiBInMiB / ManyStreams);
    }

    /// <summary>The resident memory in MiB at equal steps until the load is over.</summary>
    public static async Task<double[]> WatchAsync(Target target, Task load, TimeSpan step)
    {
        var memory = new List<double>();
        while (await Task.WhenAny(load, Task.Delay(step, TimeProvider.System)) != load) memory.Add(target.MemoryMiB);
        await load;
        return [.. memory, target.MemoryMiB];
    }
}
