namespace AiGateway.SideBySide;

/// <summary>Minutes of full load and then a thousand open streams, with the memory meanwhile.</summary>
internal sealed class Soak
{
    /// <summary>The number of streams that are open at once.</summary>
    public const int Streams = 1000;

    private const int Samples = 10;

    private Soak(Target target, long requests, double[] underLoad, double[] withStreams)
    {
        (Target, Requests, UnderLoad, WithStreams) = (target, requests, underLoad, withStreams);
    }

    /// <summary>The process under load.</summary>
    public Target Target { get; }

    /// <summary>The number of served plain requests.</summary>
    public long Requests { get; }

    /// <summary>The resident memory in MiB under load, at equal intervals.</summary>
    public double[] UnderLoad { get; }

    /// <summary>The resident memory in MiB while the streams are open.</summary>
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
