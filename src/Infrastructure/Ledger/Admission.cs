using AiGateway.Application.Usage;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>Whether a request has room under its user's limits.</summary>
internal static class Admission
{
    /// <summary>Null when it has; else the first limit without room.</summary>
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

    /// <summary>Whether the spend limit has capacity for so much more.</summary>
    public static bool HasCapacity(QuotaLimits limits, Counter month, long moreNanoUsd)
    {
        // A counter lets no sum of settled and held overflow; with what is needed it might.
        var used = month.Settled + month.Held;
        return limits.MonthlySpendNanoUsd is not { } spend || (Int128)used + moreNanoUsd <= spend;
    }

    private static QuotaRefusal Refuse(QuotaLimit limit, long allowed, long used, long needed, QuotaPeriod period) =>
        new(limit, allowed, used, needed, period.ResetsAt);
}
