using AiGateway.Api.Contracts.Rates;

namespace AiGateway.Api.Contracts;

/// <summary>Your limits and their use.</summary>
/// <param name="DailyRequests">Requests of this UTC day.</param>
/// <param name="MonthlyRequests">Requests of this UTC month.</param>
/// <param name="MonthlySpendUsd">Spend of this UTC month, in dollars.</param>
/// <param name="Budgets">The other budgets that apply to you: of your key, user, project, team and organisation.</param>
/// <param name="Rates">The rates that apply to you: of your key, user, project, team and organisation.</param>
public sealed record QuotaResponse(
    LimitResponse DailyRequests,
    LimitResponse MonthlyRequests,
    LimitResponse MonthlySpendUsd,
    IReadOnlyList<BudgetResponse> Budgets,
    IReadOnlyList<ScopedRateResponse> Rates);

/// <summary>One limit; requests, or dollars for spend.</summary>
/// <param name="Limit">What the period allows; null: unlimited.</param>
/// <param name="Used">What is charged or counted.</param>
/// <param name="Held">The maximum cost of requests in progress; zero for request limits.</param>
/// <param name="Remaining">What is left; null: unlimited.</param>
/// <param name="ResetsAt">When the next period begins.</param>
public sealed record LimitResponse(decimal? Limit, decimal Used, decimal Held, decimal? Remaining, DateTimeOffset ResetsAt);

/// <summary>New limits of a user; null, or left out, means unlimited.</summary>
public sealed record UserQuotaRequest
{
    /// <summary>Requests per UTC day.</summary>
    /// <example>1000</example>
    public long? DailyRequests { get; init; }

    /// <summary>Requests per UTC month.</summary>
    /// <example>10000</example>
    public long? MonthlyRequests { get; init; }

    /// <summary>Spend per UTC month, in dollars, at most 9 decimals.</summary>
    /// <example>10.00</example>
    public decimal? MonthlySpendUsd { get; init; }
}

/// <summary>The limits in force for a user; null means unlimited.</summary>
/// <param name="DailyRequests">Requests per UTC day.</param>
/// <param name="MonthlyRequests">Requests per UTC month.</param>
/// <param name="MonthlySpendUsd">Spend per UTC month, in dollars.</param>
/// <param name="IsDefault">Whether they are the configured defaults, because the user has no limits of its own.</param>
public sealed record UserQuotaResponse(long? DailyRequests, long? MonthlyRequests, decimal? MonthlySpendUsd, bool IsDefault);
