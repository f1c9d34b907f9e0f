using AiGateway.Domain;

namespace AiGateway.Infrastructure.Ledger.Operations;

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

/// <summary>The key of one counter. All writers lock counters in this order, which prevents deadlocks.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Kind">Day or month.</param>
/// <param name="Start">First day of the period, as yyyymmdd.</param>
internal readonly record struct CounterKey(Guid UserId, PeriodKind Kind, int Start) : IComparable<CounterKey>
{
    public int CompareTo(CounterKey other)
    {
        var order = UserId.CompareTo(other.UserId);
        if (order == 0) order = Kind.CompareTo(other.Kind);
        return order == 0 ? Start.CompareTo(other.Start) : order;
    }
}

/// <summary>The change of the two counters of a request at each step; amounts in nano-dollars.</summary>
internal readonly record struct CounterChange(long Requests, long Settled, long Held)
{
    /// <summary>A hold of this amount.</summary>
    public static CounterChange Hold(long held) => new(1, 0, held);

    /// <summary>More is held for the same request.</summary>
    public static CounterChange Raise(long more) => new(0, 0, more);

    /// <summary>The hold becomes a cost.</summary>
    public static CounterChange Settle(long held, long cost) => new(0, cost, -held);

    /// <summary>Nothing is owed: the request count and the amount are given back.</summary>
    public static CounterChange Release(long held) => new(-1, 0, -held);

    /// <summary>The lease ran out: the held amount is charged.</summary>
    public static CounterChange Expire(long held) => new(0, held, -held);

    /// <summary>A cost that arrives after the held amount was charged.</summary>
    public static CounterChange SettleExpired(long booked, long cost) => new(0, checked(cost - booked), 0);

    /// <summary>A release that arrives after the held amount was charged.</summary>
    public static CounterChange ReleaseExpired(long booked) => new(-1, -booked, 0);
}
