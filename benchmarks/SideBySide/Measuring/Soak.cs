using AiGateway.SideBySide.Loads;

namespace AiGateway.SideBySide.Measuring;

/// <summary>Minutes of full load and then a thousand open streams, with the memory meanwhile.</summary>
/// <param name="Name">The name of the target.</param>
/// <param name="Requests">The number of served plain requests.</param>
/// <param name="UnderLoad">The resident memory in MiB under load, at equal steps.</param>
/// <param name="WithStreams">The resident memory in MiB while the streams are open.</param>
internal sealed record Soak(string Name, long Requests, double[] UnderLoad, double[] WithStreams)
{
    private const int Steps = 10;
    private static readonly TimeSpan StreamTime = TimeSpan.FromMinutes(1);

    public static async Task<Soak> RunAsync(Candidate candidate, Options options)
    {
        Progress.Say($"{options.SoakMinutes} minutes of full load");
        var time = TimeSpan.FromMinutes(options.SoakMinutes);
        using var load = new Load([candidate.Target], [candidate.Key]);
        var requests = load.PlainForAsync(time, options.Connections);
        var underLoad = await Memory.WatchAsync(candidate.Target, requests, time / Steps);
        var streams = load.SlowStreamsAsync(Memory.ManyStreams, StreamTime);
        var withStreams = await Memory.WatchAsync(candidate.Target, streams, StreamTime / Steps);
        return new Soak(candidate.Name, await requests, underLoad, withStreams);
    }
}
