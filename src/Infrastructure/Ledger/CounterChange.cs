namespace AiGateway.Infrastructure.Ledger;

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
