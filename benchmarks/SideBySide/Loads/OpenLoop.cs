using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AiGateway.SideBySide.Loads;

/// <summary>
/// Plain requests at fixed times, whether or not earlier ones are answered. A latency counts from the scheduled time: a request that waits
/// for its turn in the load generator is not missed.
/// </summary>
internal static partial class OpenLoop
{
    // Less than the gateway's own limit of requests in progress. A target that cannot keep up is measured, not refused.
    private const int MostInProgress = 500;

    private static readonly TimeSpan LeadTime = TimeSpan.FromMilliseconds(5);

    /// <summary>Sends requests at this rate for this time.</summary>
    /// <param name="load">Who sends them.</param>
    /// <param name="perSecond">The rate.</param>
    /// <param name="time">How long.</param>
    /// <returns>The latencies, and how late each request was sent, in milliseconds.</returns>
    public static async Task<(double[] Latencies, double[] Delays)> RunAsync(Load load, int perSecond, TimeSpan time)
    {
        var count = (int)(perSecond * time.TotalSeconds);
        using var slots = new SemaphoreSlim(MostInProgress);
        var (latencies, delays, pending) = (new double[count], new double[count], new Task[count]);

        // The thread is the schedule's own: a timer of the runtime has steps of a millisecond.
        await Task.Factory.StartNew(Send, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(pending);
        return (latencies, delays);

        void Send()
        {
            var startAt = Stopwatch.GetTimestamp() + (long)(LeadTime.TotalSeconds * Stopwatch.Frequency);
            for (var i = 0; i < count; i++)
            {
                var dueAt = startAt + i * Stopwatch.Frequency / perSecond;
                SleepUntil(dueAt);
                delays[i] = Stopwatch.GetElapsedTime(dueAt).TotalMilliseconds;
                slots.Wait();
                pending[i] = AnswerAsync(i, dueAt);
            }
        }

        async Task AnswerAsync(int i, long dueAt)
        {
            try
            {
                await load.PlainAsync();
                latencies[i] = Stopwatch.GetElapsedTime(dueAt).TotalMilliseconds;
            }
            finally
            {
                slots.Release();
            }
        }
    }

    private static void SleepUntil(long dueAt)
    {
        for (var left = Left(); left > 0; left = Left()) _ = USleep((uint)Math.Ceiling(left));

        double Left() => Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), dueAt).TotalMicroseconds;
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int USleep(uint microseconds);
}
