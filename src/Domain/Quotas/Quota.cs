namespace AiGateway.Domain;

/// <summary>The limits set for one user. A user without this row has the configured default limits.</summary>
public sealed class Quota
{
    /// <summary>The user; also the key of the row.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Requests a UTC day; null: unlimited.</summary>
    public long? DailyRequests { get; set; }

    /// <summary>Requests a UTC month; null: unlimited.</summary>
    public long? MonthlyRequests { get; set; }

    /// <summary>Spend a UTC month, in nano-dollars; null: unlimited.</summary>
    public long? MonthlySpendNanoUsd { get; set; }

    /// <summary>When the limits were last set.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The user.</summary>
    public User? User { get; init; }

    /// <summary>The limits as a value.</summary>
    public QuotaLimits Limits => new(DailyRequests, MonthlyRequests, MonthlySpendNanoUsd);

    /// <summary>Sets all limits.</summary>
    public void Set(QuotaLimits limits, DateTimeOffset at) => (DailyRequests, MonthlyRequests, MonthlySpendNanoUsd, UpdatedAt) =
        (limits.DailyRequests, limits.MonthlyRequests, limits.MonthlySpendNanoUsd, at);
}

/// <summary>A user's limits in UTC periods; null means unlimited.</summary>
/// <param name="DailyRequests">Requests a day.</param>
/// <param name="MonthlyRequests">Requests a calendar month.</param>
/// <param name="MonthlySpendNanoUsd">Spend a calendar month, in nano-dollars.</param>
public sealed record QuotaLimits(long? DailyRequests, long? MonthlyRequests, long? MonthlySpendNanoUsd)
{
    /// <summary>No limit at all.</summary>
    public static readonly QuotaLimits Unlimited = new(null, null, null);
}
