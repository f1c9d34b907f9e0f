using AiGateway.Domain;

namespace AiGateway.Infrastructure.Ledger.Operations;

/// <summary>One counter while its row is locked.</summary>
/// <param name="key">Its key.</param>
/// <param name="figures">The figures of the row. The counter of a user has no tokens and no number in flight.</param>
/// <param name="scope">What a budget's counter counts; null for the counter of a user.</param>
internal sealed class Counter(CounterKey key, BudgetFigures figures, CountedScope? scope = null)
{
    public CounterKey Key { get; } = key;

    public CountedScope? Scope { get; } = scope;

    public BudgetFigures Figures { get; private set; } = figures;

    /// <summary>What <see cref="Figures"/> were when the row was locked.</summary>
    public BudgetFigures Locked { get; } = figures;

    /// <summary>Whether it has a row; false: it is inserted when it is saved.</summary>
    public bool IsStored { get; init; } = true;

    public bool IsChanged { get; private set; }

    /// <exception cref="OverflowException">A value, or settled plus held, would overflow.</exception>
    public void Add(CounterChange change)
    {
        var now = Figures;
        checked
        {
            var next = new BudgetFigures(
                now.Requests + change.Requests,
                now.InFlight + change.InFlight,
                now.SettledTokens + change.SettledTokens,
                now.HeldTokens + change.HeldTokens,
                now.SettledNanoUsd + change.Settled,
                now.HeldNanoUsd + change.Held);
            _ = next.SettledNanoUsd + next.HeldNanoUsd;
            _ = next.SettledTokens + next.HeldTokens;
            Figures = next;
        }

        IsChanged = true;
    }
}

/// <summary>The key of one counter. All writers lock counters in this order, which prevents deadlocks.</summary>
/// <param name="OfBudget">Whether it is the counter of a budget; else that of a user.</param>
/// <param name="Id">The user, or <see cref="CountedScope.CounterId"/>.</param>
/// <param name="Window">A <see cref="PeriodKind"/>, or <see cref="BudgetWindow.Code"/>.</param>
/// <param name="Start">First day of the window, as yyyymmdd.</param>
internal readonly record struct CounterKey(bool OfBudget, Guid Id, int Window, int Start) : IComparable<CounterKey>
{
    public static CounterKey OfUser(Guid userId, PeriodKind kind, int start) => new(OfBudget: false, userId, (int)kind, start);

    public int CompareTo(CounterKey other)
    {
        var order = OfBudget.CompareTo(other.OfBudget);
        if (order == 0) order = Id.CompareTo(other.Id);
        if (order == 0) order = Window.CompareTo(other.Window);
        return order == 0 ? Start.CompareTo(other.Start) : order;
    }
}

/// <summary>A counter that a transaction needs.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Scope">What a budget's counter counts; null for the counter of a user.</param>
/// <param name="StartsAtZero">Whether a missing row stands for zero; else it must be opened with the sum of its records.</param>
internal readonly record struct NeededCounter(CounterKey Key, CountedScope? Scope, bool StartsAtZero) : IComparable<NeededCounter>
{
    public int CompareTo(NeededCounter other) => Key.CompareTo(other.Key);
}

/// <summary>The change of the counters of a request at each step; amounts in nano-dollars.</summary>
internal readonly record struct CounterChange(
    long Requests, long InFlight, long Settled, long Held, long SettledTokens, long HeldTokens)
{
    /// <summary>A hold of this amount.</summary>
    public static CounterChange Hold(HeldAmount held) => new(1, 1, 0, held.NanoUsd, 0, held.Tokens);

    /// <summary>More is held for the same request.</summary>
    public static CounterChange Raise(long nanoUsd) => new(0, 0, 0, nanoUsd, 0, 0);

    /// <summary>The hold becomes a cost.</summary>
    public static CounterChange Settle(HeldAmount held, HeldAmount charged) =>
        new(0, -1, charged.NanoUsd, -held.NanoUsd, charged.Tokens, -held.Tokens);

    /// <summary>Nothing is owed: the request count and the amount are given back.</summary>
    public static CounterChange Release(HeldAmount held) => new(-1, -1, 0, -held.NanoUsd, 0, -held.Tokens);

    /// <summary>The lease ran out: the held amount is charged.</summary>
    public static CounterChange Expire(HeldAmount held) => new(0, -1, held.NanoUsd, -held.NanoUsd, held.Tokens, -held.Tokens);

    /// <summary>A cost that arrives after the held amount was charged.</summary>
    public static CounterChange SettleExpired(HeldAmount booked, HeldAmount charged) => checked(
        new(0, 0, charged.NanoUsd - booked.NanoUsd, 0, charged.Tokens - booked.Tokens, 0));

    /// <summary>A release that arrives after the held amount was charged.</summary>
    public static CounterChange ReleaseExpired(HeldAmount booked) => new(-1, 0, -booked.NanoUsd, 0, -booked.Tokens, 0);
}
