namespace AiGateway.Api.Contracts;

/// <summary>Your limits and what is used of them.</summary>
/// <param name="DailyRequests">Requests of this UTC day.</param>
/// <param name="MonthlyRequests">Requests of this UTC month.</param>
/// <param name="MonthlySpendUsd">Spend of this UTC month, in dollars.</param>
public sealed record QuotaResponse(LimitResponse DailyRequests, LimitResponse MonthlyRequests, LimitResponse MonthlySpendUsd);

/// <summary>One limit; requests, or dollars for spend.</summary>
/// <param name="Limit">What the period allows; null: unlimited.</param>
/// <param name="Used">What is booked.</param>
/// <param name="Held">What requests under way may still cost; zero for request limits.</param>
/// <param name="Remaining">What is left; null: unlimited.</param>
/// <param name="ResetsAt">When the next period begins.</param>
public sealed record LimitResponse(decimal? Limit, decimal Used, decimal Held, decimal? Remaining, DateTimeOffset ResetsAt);

/// <summary>Limits to give a user; null, or left out, means unlimited.</summary>
public sealed record UserQuotaRequest
{
    /// <summary>Requests a UTC day.</summary>
    /// <example>1000</example>
    public long? DailyRequests { get; init; }

    /// <summary>Requests a UTC month.</summary>
    /// <example>10000</example>
    public long? MonthlyRequests { get; init; }

    /// <summary>Spend a UTC month, in dollars, at most 9 decimals.</summary>
    /// <example>10.00</example>
    public decimal? MonthlySpendUsd { get; init; }
}

/// <summary>The limits that hold for a user; null means unlimited.</summary>
/// <param name="DailyRequests">Requests a UTC day.</param>
/// <param name="MonthlyRequests">Requests a UTC month.</param>
/// <param name="MonthlySpendUsd">Spend a UTC month, in dollars.</param>
/// <param name="IsDefault">Whether they are the configured defaults, the user having no limits of their own.</param>
public sealed record UserQuotaResponse(long? DailyRequests, long? MonthlyRequests, decimal? MonthlySpendUsd, bool IsDefault);
