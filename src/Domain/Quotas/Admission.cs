namespace AiGateway.Domain;

/// <summary>
/// The admission rule: whether a user's limits have capacity for one more request. The ledger decides by it when it holds,
/// and so does an estimate, so that both always agree.
/// </summary>
public static class Admission
{
    /// <summary>One request takes at most this part of the capacity left, unless the usual amount is more.</summary>
    private const int ShareOfOne = 4;

    /// <summary>The first limit without capacity, in the order day, month, spend; null when the request is admitted.</summary>
    /// <param name="limits">The user's limits.</param>
    /// <param name="used">What the user has used and holds.</param>
    /// <param name="neededNanoUsd">The maximum cost of the request, in nano-dollars.</param>
    /// <param name="at">When the request came.</param>
    public static QuotaRefusal? Decide(QuotaLimits limits, QuotaUse used, long neededNanoUsd, DateTimeOffset at)
    {
        if (used.DayRequests >= limits.DailyRequests)
            return new(QuotaLimit.DailyRequests, limits.DailyRequests.Value, used.DayRequests, 1, QuotaPeriod.DayOf(at).ResetsAt);
        if (used.MonthRequests >= limits.MonthlyRequests)
            return new(QuotaLimit.MonthlyRequests, limits.MonthlyRequests.Value, used.MonthRequests, 1, QuotaPeriod.MonthOf(at).ResetsAt);
        if (HasCapacity(limits, used, neededNanoUsd)) return null;
        return new(
            QuotaLimit.MonthlySpend, limits.MonthlySpendNanoUsd!.Value, used.MonthSettledNanoUsd + used.MonthHeldNanoUsd, neededNanoUsd,
            QuotaPeriod.MonthOf(at).ResetsAt);
    }

    /// <summary>Whether the spend limit has capacity for so much more, in nano-dollars.</summary>
    public static bool HasCapacity(QuotaLimits limits, QuotaUse used, long moreNanoUsd) => moreNanoUsd <= CapacityOf(limits, used);

    /// <summary>
    /// The amount to hold for an admitted request that leaves its output limit to the gateway: a quarter of the capacity
    /// left, but at least the usual amount and never more than the largest useful one.
    /// </summary>
    /// <param name="limits">The user's limits.</param>
    /// <param name="used">What the user has used and holds.</param>
    /// <param name="usualNanoUsd">The maximum cost with the usual output limit. Less is held only when the capacity is smaller.</param>
    /// <param name="mostNanoUsd">The maximum cost with the largest output limit that the model has.</param>
    public static long AmountFor(QuotaLimits limits, QuotaUse used, long usualNanoUsd, long mostNanoUsd)
    {
        var capacity = CapacityOf(limits, used);
        return (long)Int128.Min(mostNanoUsd, Int128.Max(Int128.Min(usualNanoUsd, capacity), capacity / ShareOfOne));
    }

    // A counter lets no sum of settled and held overflow. The difference to a limit might.
    private static Int128 CapacityOf(QuotaLimits limits, QuotaUse used) => limits.MonthlySpendNanoUsd is { } spend
        ? (Int128)spend - used.MonthSettledNanoUsd - used.MonthHeldNanoUsd
        : Int128.MaxValue;
}

/// <summary>What a user has used and holds in the day and the month of a request. Amounts are in nano-dollars.</summary>
/// <param name="DayRequests">Requests counted in the day.</param>
/// <param name="MonthRequests">Requests counted in the month.</param>
/// <param name="MonthSettledNanoUsd">Cost that is settled in the month.</param>
/// <param name="MonthHeldNanoUsd">Maximum cost of the requests under way.</param>
public readonly record struct QuotaUse(long DayRequests, long MonthRequests, long MonthSettledNanoUsd, long MonthHeldNanoUsd);
