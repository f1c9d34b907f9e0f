namespace AiGateway.Infrastructure.Alerts.Sending;

/// <summary>When a failed delivery is tried again: after 10 seconds, then twice as long each time, up to an hour.</summary>
internal static class RetryDelay
{
    /// <summary>A delivery that would be tried later than this after it was made is given up.</summary>
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromHours(24);

    private const double Jitter = 0.2;
    private const int MostDoublings = 9;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The wait after an attempt. It varies by a fifth, so retries of many events spread.</summary>
    /// <param name="attempts">Attempts so far, 1 or more.</param>
    /// <param name="random">A random number from 0 to 1.</param>
    public static TimeSpan After(int attempts, double random)
    {
        var doubled = First * (1 << Math.Min(attempts - 1, MostDoublings));
        return (doubled < Longest ? doubled : Longest) * (1 - Jitter + (2 * Jitter * random));
    }
}
