namespace AiGateway.Application.Telemetry;

/// <summary>
/// Keeps a number of traces a second, and no more. At little traffic every request has a trace; at much traffic the cost of
/// traces stays the same. It is asked before a span is made: a sampler of the SDK is asked after it.
/// </summary>
/// <param name="time">Tells the time.</param>
public sealed class TraceRate(TimeProvider time)
{
    /// <summary>The traces a second of one gateway. As many may begin at once after a second without any.</summary>
    public const int PerSecond = 10;

    private static readonly long Interval = TimeSpan.TicksPerSecond / PerSecond;

    private readonly long _startedAt = time.GetTimestamp();

    // The time at which all traces of a second are available again, in ticks since the start.
    private long _fullAgainAt;

    /// <summary>Whether a trace that begins now is kept.</summary>
    public bool TryTake()
    {
        while (true)
        {
            var (now, fullAgainAt) = (time.GetElapsedTime(_startedAt).Ticks, Volatile.Read(ref _fullAgainAt));
            var after = Math.Max(fullAgainAt, now) + Interval;
            if (after - now > PerSecond * Interval) return false;
            if (Interlocked.CompareExchange(ref _fullAgainAt, after, fullAgainAt) == fullAgainAt) return true;
        }
    }
}
