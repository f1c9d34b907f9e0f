namespace AiGateway.Domain;

/// <summary>The part of <see cref="Admission"/> that decides by rates.</summary>
internal static class RateAdmission
{
    /// <summary>
    /// The most specific rate without capacity; null when all have it. A rate that the request can never pass is named before
    /// all others. The wait is the longest of all rates, so the request is admitted after it.
    /// </summary>
    public static QuotaRefusal? Decide(IReadOnlyList<RateState> rates, HeldAmount needed)
    {
        QuotaRefusal? refusal = null;
        for (var i = 0; i < rates.Count; i++)
        {
            var amount = rates[i].NeededOf(needed);
            if (rates[i].IsTooMuch(amount)) return RefusalOf(rates[i], amount) with { IsTooLarge = true };
            var wait = rates[i].WaitFor(amount);
            if (wait == TimeSpan.Zero) continue;
            refusal ??= RefusalOf(rates[i], amount);
            if (refusal.RetryAfter is not { } longest || wait > longest) refusal = refusal with { RetryAfter = wait };
        }

        return refusal;
    }

    /// <summary>The fewest tokens that a rate has left; the largest number without a rate of tokens.</summary>
    public static long TokensLeft(IReadOnlyList<RateState> rates)
    {
        var left = long.MaxValue;
        for (var i = 0; i < rates.Count; i++)
        {
            if (rates[i].Rate.Metric == BudgetMetric.Tokens) left = Math.Min(left, rates[i].Capacity);
        }

        return left;
    }

    private static QuotaRefusal RefusalOf(RateState state, long needed) =>
        new(state.Rate.Limit, state.Rate.Amount, state.Rate.Amount - state.Capacity, needed, ResetsAt: null)
        {
            Scope = new LimitedScope(state.Rate.ScopeKind, state.Rate.ScopeId, null),
        };
}
