namespace AiGateway.Infrastructure.Ledger;

/// <summary>The pause of the writer after a failure of the database: from 50 ms, doubling up to a second.</summary>
internal sealed class LedgerBackOff(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private TimeSpan _last;
    private bool _isDue;

    /// <summary>After a failure.</summary>
    public void Lengthen()
    {
        _last = _last == TimeSpan.Zero ? Shortest : TimeSpan.FromTicks(Math.Min(_last.Ticks * 2, Longest.Ticks));
        _isDue = true;
    }

    /// <summary>After a success.</summary>
    public void Reset() => (_last, _isDue) = (TimeSpan.Zero, false);

    /// <summary>Blocks the writer's thread if the last attempt failed.</summary>
    public void Wait(CancellationToken cancellationToken)
    {
        if (!_isDue) return;
        _isDue = false;
        try
        {
            Task.Delay(_last, time, cancellationToken).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // The gateway stops waiting; the loop of the writer sees that.
        }
    }
}
