namespace AiGateway.Infrastructure.Ledger;

/// <summary>One counter while its row is locked; amounts in nano-dollars.</summary>
internal sealed class Counter(CounterKey key, long requests, long settled, long held)
{
    public CounterKey Key { get; } = key;

    public long Requests { get; private set; } = requests;

    public long Settled { get; private set; } = settled;

    public long Held { get; private set; } = held;

    /// <summary>What <see cref="Requests"/> was when the row was locked.</summary>
    public long LockedRequests { get; } = requests;

    /// <summary>What <see cref="Settled"/> was when the row was locked.</summary>
    public long LockedSettled { get; } = settled;

    /// <summary>What <see cref="Held"/> was when the row was locked.</summary>
    public long LockedHeld { get; } = held;

    public bool IsChanged { get; private set; }

    /// <exception cref="OverflowException">A value, or settled plus held, would overflow.</exception>
    public void Add(CounterChange change)
    {
        checked
        {
            var (requests, settled, held) = (Requests + change.Requests, Settled + change.Settled, Held + change.Held);
            _ = settled + held;
            (Requests, Settled, Held) = (requests, settled, held);
        }

        IsChanged = true;
    }
}
