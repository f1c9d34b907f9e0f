namespace AiGateway.Domain;

/// <summary>A user's limits in UTC periods; null means unlimited.</summary>
/// <param name="DailyRequests">Requests a day.</param>
/// <param name="MonthlyRequests">Requests a calendar month.</param>
/// <param name="MonthlySpendNanoUsd">Spend a calendar month, in nano-dollars.</param>
public sealed record QuotaLimits(long? DailyRequests, long? MonthlyRequests, long? MonthlySpendNanoUsd)
{
    /// <summary>No limit at all.</summary>
    public static readonly QuotaLimits Unlimited = new(null, null, null);
}
