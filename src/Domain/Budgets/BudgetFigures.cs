namespace AiGateway.Domain;

/// <summary>The figures of a counter.</summary>
/// <param name="Requests">Requests held, settled or expired.</param>
/// <param name="InFlight">Requests in progress.</param>
/// <param name="SettledTokens">Tokens charged.</param>
/// <param name="HeldTokens">Most tokens of requests in progress.</param>
/// <param name="SettledNanoUsd">Cost charged, in nano-dollars.</param>
/// <param name="HeldNanoUsd">Maximum cost of requests in progress, in nano-dollars.</param>
public readonly record struct BudgetFigures(
    long Requests, long InFlight, long SettledTokens, long HeldTokens, long SettledNanoUsd, long HeldNanoUsd)
{
    /// <summary>The use of a budget in the window of these figures.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="before">The figures of the window before, for what is carried over; null: the budget was not counted then.</param>
    /// <param name="resetsAt">When the next window begins; null: never.</param>
    public BudgetUse Of(Budget budget, BudgetFigures? before, DateTimeOffset? resetsAt)
    {
        var (settled, held) = PartsOf(budget.Metric);
        return new(budget, AmountOf(budget, before), settled, held, resetsAt);
    }

    private static long AmountOf(Budget budget, BudgetFigures? before)
    {
        if (budget.RollOverCap is not { } cap || before is not { } last) return budget.Amount;
        var (settled, held) = last.PartsOf(budget.Metric);
        var unused = (long)Int128.Clamp((Int128)budget.Amount - settled - held, 0, budget.Amount);
        return (long)Int128.Min(long.MaxValue, (Int128)budget.Amount + Math.Min(cap, unused));
    }

    private (long Settled, long Held) PartsOf(BudgetMetric metric) => metric switch
    {
        BudgetMetric.Requests => (Requests, 0),
        BudgetMetric.Tokens => (SettledTokens, HeldTokens),
        BudgetMetric.Spend => (SettledNanoUsd, HeldNanoUsd),
        _ => (InFlight, 0),
    };
}
