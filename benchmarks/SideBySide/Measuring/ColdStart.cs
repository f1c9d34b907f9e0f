using System.Diagnostics;
using AiGateway.SideBySide.Loads;

namespace AiGateway.SideBySide.Measuring;

/// <summary>
/// The time from the start of a process until its first reply to a chat request is complete, and its memory then. The database exists, and
/// the files of the program are in the cache of the operating system.
/// </summary>
internal static class ColdStart
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>Adds a sample for each of these starts.</summary>
    /// <param name="candidate">The candidate, not started yet.</param>
    /// <param name="starts">The number of starts after the first one, which creates the database.</param>
    public static async Task MeasureAsync(Candidate candidate, int starts)
    {
        await StartAsync(candidate);
        for (var i = 0; i < starts; i++)
        {
            var (milliseconds, memory) = await StartAsync(candidate);
            candidate.Samples.Add(Metrics.Start, milliseconds);
            candidate.Samples.Add(Metrics.IdleMemory, memory);
        }
    }

    private static async Task<(double Milliseconds, double MemoryMiB)> StartAsync(Candidate candidate)
    {
        using var target = await candidate.StartAnotherAsync();
        using var load = new Load(target);
        await load.PlainAsync();
        var milliseconds = Stopwatch.GetElapsedTime(target.StartedAt).TotalMilliseconds;
        await Task.Delay(Rest, TimeProvider.System);
        return (milliseconds, target.MemoryMiB);
    }
}
