using AiGateway.Domain;

namespace AiGateway.Application.Quotas;

/// <summary>A user's limits and their use.</summary>
/// <param name="DailyRequests">Requests of this UTC day.</param>
/// <param name="MonthlyRequests">Requests of this UTC month.</param>
/// <param name="MonthlySpendNanoUsd">Spend of this UTC month, in nano-dollars.</param>
public sealed record QuotaStatus(LimitUse DailyRequests, LimitUse MonthlyRequests, LimitUse MonthlySpendNanoUsd)
{
    /// <summary>The budgets of the caller's key, user, project, team and organisation.</summary>
    public IReadOnlyList<ScopedBudget> Budgets { get; init; } = [];

    /// <summary>The rates of the caller's key, user, project, team and organisation.</summary>
    public IReadOnlyList<ScopedRate> Rates { get; init; } = [];

    /// <summary>Combines limits and use.</summary>
    public static QuotaStatus Of(QuotaLimits limits, QuotaUse use, DateTimeOffset at)
    {
        var (day, month) = (QuotaPeriod.DayOf(at).ResetsAt, QuotaPeriod.MonthOf(at).ResetsAt);
        return new(
            new LimitUse(limits.DailyRequests, use.DayRequests, 0, day),
            new LimitUse(limits.MonthlyRequests, use.MonthRequests, 0, month),
            new LimitUse(limits.MonthlySpendNanoUsd, use.MonthSettledNanoUsd, use.MonthHeldNanoUsd, month));
    }
}

/// <summary>A budget and its use.</summary>
/// <param name="Use">The budget.</param>
/// <param name="ScopeName">The display name of its scope; null: the caller's own key or user.</param>
public sealed record ScopedBudget(BudgetUse Use, string? ScopeName);

/// <summary>A rate and its use.</summary>
/// <param name="State">The rate.</param>
/// <param name="ScopeName">The display name of its scope; null: the caller's own key or user.</param>
public sealed record ScopedRate(RateState State, string? ScopeName);

/// <summary>One limit and its use.</summary>
/// <param name="Limit">What the period allows; null: unlimited.</param>
/// <param name="Used">What is charged or counted; requests count from their hold on.</param>
/// <param name="Held">The maximum cost of requests in progress; zero for request limits.</param>
/// <param name="ResetsAt">When the next period begins.</param>
public sealed record LimitUse(long? Limit, long Used, long Held, DateTimeOffset ResetsAt)
{
    /// <summary>What is left, at least zero; null: unlimited.</summary>
    public long? Remaining => Limit is { } limit ? Math.Max(0, limit - Used - Held) : null;
}
