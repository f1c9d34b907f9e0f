namespace AiGateway.Domain;

/// <summary>A user's limits in UTC periods; null means unlimited.</summary>
/// <param name="DailyRequests">Requests a day.</param>
/// <param name="MonthlyRequests">Requests a calendar month.</param>
/// <param name="MonthlySpendNanoUsd">Spend a calendar month, in nano-dollars.</param>
public sealed record QuotaLimits(long? DailyRequests, long? MonthlyRequests, long? MonthlySpendNanoUsd)
{
    /// <summary>No limit at all.</summary>
    public static readonly QuotaLimits Unlimited = new(null, null, null);

    /// <summary>
    /// The limit that one more request would exceed; null when there is none. The limits are checked in the order day,
    /// month, spend.
    /// </summary>
    /// <param name="dayRequests">Requests counted in the day of <paramref name="at"/>.</param>
    /// <param name="monthRequests">Requests counted in its month.</param>
    /// <param name="monthNanoUsd">Settled and held in its month.</param>
    /// <param name="neededNanoUsd">The maximum cost of the request.</param>
    /// <param name="at">When the request came.</param>
    public QuotaRefusal? FindRefusal(long dayRequests, long monthRequests, long monthNanoUsd, long neededNanoUsd, DateTimeOffset at)
    {
        if (dayRequests >= DailyRequests)
            return new(QuotaLimit.DailyRequests, DailyRequests.Value, dayRequests, 1, QuotaPeriod.DayOf(at).ResetsAt);
        if (monthRequests >= MonthlyRequests)
            return new(QuotaLimit.MonthlyRequests, MonthlyRequests.Value, monthRequests, 1, QuotaPeriod.MonthOf(at).ResetsAt);
        return MonthlySpendNanoUsd is { } limit && neededNanoUsd > limit - monthNanoUsd
            ? new(QuotaLimit.MonthlySpend, limit, monthNanoUsd, neededNanoUsd, QuotaPeriod.MonthOf(at).ResetsAt)
            : null;
    }
}
