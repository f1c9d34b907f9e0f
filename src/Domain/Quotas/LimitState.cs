namespace AiGateway.Domain;

/// <summary>All limits of a request and their use.</summary>
/// <param name="Limits">The three limits of its user.</param>
/// <param name="Used">What its user has used and holds.</param>
/// <param name="Budgets">The budgets that apply, the most specific first.</param>
public readonly record struct LimitState(QuotaLimits Limits, QuotaUse Used, IReadOnlyList<BudgetUse> Budgets)
{
    /// <summary>The rates that apply, the most specific first.</summary>
    public IReadOnlyList<RateState> Rates { get; init; } = [];
}

/// <summary>What a user has used and holds in the day and the month of a request. Amounts are in nano-dollars.</summary>
/// <param name="DayRequests">Requests counted in the day.</param>
/// <param name="MonthRequests">Requests counted in the month.</param>
/// <param name="MonthSettledNanoUsd">Cost that is settled in the month.</param>
/// <param name="MonthHeldNanoUsd">Maximum cost of the requests under way.</param>
public readonly record struct QuotaUse(long DayRequests, long MonthRequests, long MonthSettledNanoUsd, long MonthHeldNanoUsd);

/// <summary>One budget and its use in a window. Amounts are in the unit of its metric.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="Amount">What the window allows: the budget's amount, and what was carried over.</param>
/// <param name="Settled">What is charged or counted.</param>
/// <param name="Held">What requests in progress may still be charged.</param>
/// <param name="ResetsAt">When the next window begins; null: never.</param>
public readonly record struct BudgetUse(Budget Budget, long Amount, long Settled, long Held, DateTimeOffset? ResetsAt)
{
    /// <summary>What is left; below zero when the limit was lowered.</summary>
    public Int128 Capacity => (Int128)Amount - Settled - Held;

    /// <summary>What a request would add.</summary>
    public long NeededOf(HeldAmount request) => Budget.Metric switch
    {
        BudgetMetric.Tokens => request.Tokens,
        BudgetMetric.Spend => request.NanoUsd,
        _ => 1,
    };
}

/// <summary>What a request may use at most.</summary>
/// <param name="NanoUsd">Its maximum cost, in nano-dollars.</param>
/// <param name="Tokens">Its prompt and output tokens, over all choices.</param>
public readonly record struct HeldAmount(long NanoUsd, long Tokens);
