using AiGateway.Application.Usage;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>Decides whether a request fits its user's limits.</summary>
internal static class Admission
{
    /// <summary>Null when it fits; else the first limit that it would exceed.</summary>
    public static QuotaRefusal? Decide(QuotaLimits limits, Counter day, Counter month, Hold hold)
    {
        if (day.Requests >= limits.DailyRequests)
            return Refuse(QuotaLimit.DailyRequests, limits.DailyRequests.Value, day.Requests, 1, QuotaPeriod.DayOf(hold.At));

        if (month.Requests >= limits.MonthlyRequests)
            return Refuse(QuotaLimit.MonthlyRequests, limits.MonthlyRequests.Value, month.Requests, 1, QuotaPeriod.MonthOf(hold.At));

        return HasCapacity(limits, month, hold.HeldNanoUsd)
            ? null
            : Refuse(
                QuotaLimit.MonthlySpend, limits.MonthlySpendNanoUsd!.Value, month.Settled + month.Held, hold.HeldNanoUsd,
                QuotaPeriod.MonthOf(hold.At));
    }

    /// <summary>Whether the spend limit has capacity for this additional amount.</summary>
    public static bool HasCapacity(QuotaLimits limits, Counter month, long moreNanoUsd)
    {
        // A counter prevents an overflow of settled plus held, but adding the needed amount could still overflow.
        var used = month.Settled + month.Held;
        return limits.MonthlySpendNanoUsd is not { } spend || (Int128)used + moreNanoUsd <= spend;
    }

    private static QuotaRefusal Refuse(QuotaLimit limit, long allowed, long used, long needed, QuotaPeriod period) =>
        new(limit, allowed, used, needed, period.ResetsAt);
}
