namespace AiGateway.Domain;

/// <summary>The limits that can refuse a request.</summary>
public enum QuotaLimit
{
    /// <summary>Requests a day.</summary>
    DailyRequests,

    /// <summary>Requests a calendar month.</summary>
    MonthlyRequests,

    /// <summary>Spend a calendar month.</summary>
    MonthlySpend,
}
