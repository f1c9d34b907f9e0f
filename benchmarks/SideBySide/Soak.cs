namespace AiGateway.SideBySide;

/// <summary>Full load for minutes, then a thousand streams open at once, and the memory meanwhile.</summary>
internal sealed class Soak
{
    /// <summary>Streams open at once.</summary>
    public const int Streams = 1000;

    private const int Samples = 10;

    private Soak(Target target, long requests, double[] underLoad, double[] withStreams)
    {
        (Target, Requests, UnderLoad, WithStreams) = (target, requests, underLoad, withStreams);
    }

    /// <summary>What was under load.</summary>
    public Target Target { get; }

    /// <summary>Plain requests served in all.</summary>
    public long Requests { get; }

    /// <summary>Resident memory in MiB, at equal steps.</summary>
    public double[] UnderLoad { get; }

    /// <summary>The same while the streams were open.</summary>
    public double[] WithStreams { get; }

    public static async Task<Soak> RunAsync(Target target, Options options)
    {
        using var load = new Load(target);
        var requests = load.PlainForAsync(TimeSpan.FromMinutes(options.SoakMinutes), options.Connections);
        var underLoad = await WatchAsync(target, requests, TimeSpan.FromMinutes(options.SoakMinutes) / Samples);
        var streams = load.SlowStreamsAsync(Streams);
        var withStreams = await WatchAsync(target, streams, TimeSpan.FromSeconds(6));
        return new Soak(target, await requests, underLoad, withStreams);
    }

    private static async Task<double[]> WatchAsync(Target target, Task load, TimeSpan step)
    {
        var memory = new List<double>();
        while (await Task.WhenAny(load, Task.Delay(step, TimeProvider.System)) != load) memory.Add(target.MemoryMiB);
        await load;
        return [.. memory, target.MemoryMiB];
    }
}
