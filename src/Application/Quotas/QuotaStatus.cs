using AiGateway.Domain;

namespace AiGateway.Application.Quotas;

/// <summary>A user's limits and what is used of them.</summary>
/// <param name="DailyRequests">Requests of this UTC day.</param>
/// <param name="MonthlyRequests">Requests of this UTC month.</param>
/// <param name="MonthlySpendNanoUsd">Spend of this UTC month, in nano-dollars.</param>
public sealed record QuotaStatus(LimitUse DailyRequests, LimitUse MonthlyRequests, LimitUse MonthlySpendNanoUsd)
{
    /// <summary>Puts limits and use side by side.</summary>
    public static QuotaStatus Of(QuotaLimits limits, QuotaUse use, DateTimeOffset at)
    {
        var (day, month) = (QuotaPeriod.DayOf(at).ResetsAt, QuotaPeriod.MonthOf(at).ResetsAt);
        return new(
            new LimitUse(limits.DailyRequests, use.DayRequests, 0, day),
            new LimitUse(limits.MonthlyRequests, use.MonthRequests, 0, month),
            new LimitUse(limits.MonthlySpendNanoUsd, use.MonthSettledNanoUsd, use.MonthHeldNanoUsd, month));
    }
}

/// <summary>One limit and what is used of it.</summary>
/// <param name="Limit">What the period allows; null: unlimited.</param>
/// <param name="Used">What is booked; requests count from their hold on.</param>
/// <param name="Held">What requests under way may still cost; zero for request limits.</param>
/// <param name="ResetsAt">When the next period begins.</param>
public sealed record LimitUse(long? Limit, long Used, long Held, DateTimeOffset ResetsAt)
{
    /// <summary>What is left, at least zero; null: unlimited.</summary>
    public long? Remaining => Limit is { } limit ? Math.Max(0, limit - Used - Held) : null;
}
