namespace AiGateway.Domain;

/// <summary>
/// The admission rule: whether the limits of a request have capacity for it. The ledger decides by it when it holds, and so
/// does an estimate, so that both always agree.
/// </summary>
public static class Admission
{
    /// <summary>One request takes at most this part of the capacity left, unless the usual amount is more.</summary>
    private const int ShareOfOne = 4;

    /// <summary>
    /// The most specific limit without capacity; null when the request is admitted. The limits of its key come first, then
    /// those of its user (day, month and spend first), its project, team and organisation. A scope's rates come after its
    /// budgets.
    /// </summary>
    /// <param name="state">The limits and their use.</param>
    /// <param name="needed">What the request may use at most.</param>
    /// <param name="at">When the request came.</param>
    public static QuotaRefusal? Decide(LimitState state, HeldAmount needed, DateTimeOffset at)
    {
        var byBudget = DecideBudgets(state, needed, at);
        if (RateAdmission.Decide(state.Rates, needed) is not { } byRate) return byBudget;
        return byBudget is null || (byBudget.Scope?.Kind ?? ScopeKind.User) < byRate.Scope!.Kind ? byRate : byBudget;
    }

    /// <summary>Whether all limits of tokens and spend have capacity for so much more of the same request.</summary>
    public static bool HasCapacity(LimitState state, HeldAmount more)
    {
        if (more.NanoUsd > CapacityOf(state.Limits, state.Used)) return false;
        foreach (var use in state.Budgets)
        {
            if (use.Budget is { IsSoft: false, Metric: BudgetMetric.Spend or BudgetMetric.Tokens } && use.NeededOf(more) > use.Capacity) return false;
        }

        return true;
    }

    /// <summary>
    /// The amount to hold for an admitted request that leaves its output limit to the gateway: a quarter of the capacity
    /// left, but at least the usual amount and never more than the largest useful one.
    /// </summary>
    /// <param name="state">The limits and their use.</param>
    /// <param name="usual">The amount with the usual output limit. Less is held only when the capacity is smaller.</param>
    /// <param name="most">The amount with the largest output limit that the model has.</param>
    public static HeldAmount AmountFor(LimitState state, HeldAmount usual, HeldAmount most)
    {
        var (nanoUsd, tokens) = (CapacityOf(state.Limits, state.Used), Int128.MaxValue);
        foreach (var use in state.Budgets)
        {
            if (use.Budget.IsSoft) continue;
            if (use.Budget.Metric == BudgetMetric.Spend) nanoUsd = Int128.Min(nanoUsd, use.Capacity);
            else if (use.Budget.Metric == BudgetMetric.Tokens) tokens = Int128.Min(tokens, use.Capacity);
        }

        tokens = Int128.Min(tokens, RateAdmission.TokensLeft(state.Rates));
        return new(Share(nanoUsd, usual.NanoUsd, most.NanoUsd), Share(tokens, usual.Tokens, most.Tokens));
    }

    private static QuotaRefusal? DecideBudgets(LimitState state, HeldAmount needed, DateTimeOffset at)
    {
        var budgets = state.Budgets;
        var next = 0;
        for (; next < budgets.Count && budgets[next].Budget.ScopeKind == ScopeKind.Key; next++)
        {
            if (Decide(budgets[next], needed) is { } ofKey) return ofKey;
        }

        if (Decide(state.Limits, state.Used, needed.NanoUsd, at) is { } ofUser) return ofUser;
        for (; next < budgets.Count; next++)
        {
            if (Decide(budgets[next], needed) is { } refusal) return refusal;
        }

        return null;
    }

    private static long Share(Int128 capacity, long usual, long most) =>
        (long)Int128.Min(most, Int128.Max(Int128.Min(usual, capacity), capacity / ShareOfOne));

    private static QuotaRefusal? Decide(QuotaLimits limits, QuotaUse used, long neededNanoUsd, DateTimeOffset at)
    {
        if (used.DayRequests >= limits.DailyRequests)
            return new(QuotaLimit.DailyRequests, limits.DailyRequests.Value, used.DayRequests, 1, QuotaPeriod.DayOf(at).ResetsAt);
        if (used.MonthRequests >= limits.MonthlyRequests)
            return new(QuotaLimit.MonthlyRequests, limits.MonthlyRequests.Value, used.MonthRequests, 1, QuotaPeriod.MonthOf(at).ResetsAt);
        if (neededNanoUsd <= CapacityOf(limits, used)) return null;
        return new(
            QuotaLimit.MonthlySpend, limits.MonthlySpendNanoUsd!.Value, used.MonthSettledNanoUsd + used.MonthHeldNanoUsd, neededNanoUsd,
            QuotaPeriod.MonthOf(at).ResetsAt);
    }

    private static QuotaRefusal? Decide(BudgetUse use, HeldAmount needed)
    {
        var budget = use.Budget;
        if (budget.IsSoft || use.NeededOf(needed) <= use.Capacity) return null;
        return new(new(budget.Metric, budget.Window), use.Amount, use.Settled + use.Held, use.NeededOf(needed), use.ResetsAt)
        {
            Scope = new LimitedScope(budget.ScopeKind, budget.ScopeId, null, budget.Model, budget.PerEndUser),
        };
    }

    // A counter lets no sum of settled and held overflow. The difference to a limit might.
    internal static Int128 CapacityOf(QuotaLimits limits, QuotaUse used) => limits.MonthlySpendNanoUsd is { } spend
        ? (Int128)spend - used.MonthSettledNanoUsd - used.MonthHeldNanoUsd
        : Int128.MaxValue;
}
