namespace AiGateway.Domain;

/// <summary>A limit that can refuse a request: a metric in a window.</summary>
/// <param name="Metric">What is limited.</param>
/// <param name="Window">How long it is counted; unused for a rate.</param>
/// <param name="IsRate">Whether it is a rate: so much a minute.</param>
public readonly record struct QuotaLimit(BudgetMetric Metric, BudgetWindow Window, bool IsRate = false)
{
    /// <summary>Requests a minute.</summary>
    public static readonly QuotaLimit RequestsPerMinute = new(BudgetMetric.Requests, default, IsRate: true);

    /// <summary>Tokens a minute.</summary>
    public static readonly QuotaLimit TokensPerMinute = new(BudgetMetric.Tokens, default, IsRate: true);

    /// <summary>Requests a day.</summary>
    public static readonly QuotaLimit DailyRequests = new(BudgetMetric.Requests, new(PeriodKind.Day));

    /// <summary>Requests a calendar month.</summary>
    public static readonly QuotaLimit MonthlyRequests = new(BudgetMetric.Requests, new(PeriodKind.Month));

    /// <summary>Spend a calendar month.</summary>
    public static readonly QuotaLimit MonthlySpend = new(BudgetMetric.Spend, new(PeriodKind.Month));

    /// <summary>
    /// The name on the wire: <c>daily_requests</c>, <c>monthly_tokens</c>, <c>total_spend</c>, <c>30_day_spend</c>,
    /// <c>concurrent_requests</c>, <c>tokens_per_minute</c>.
    /// </summary>
    public string Name => Metric switch
    {
        BudgetMetric.Requests when IsRate => "requests_per_minute",
        BudgetMetric.Tokens when IsRate => "tokens_per_minute",
        BudgetMetric.Concurrent => "concurrent_requests",
        BudgetMetric.Requests => WindowName + "_requests",
        BudgetMetric.Tokens => WindowName + "_tokens",
        _ => WindowName + "_spend",
    };

    private string WindowName => Window.Kind switch
    {
        PeriodKind.Day => "daily",
        PeriodKind.Week => "weekly",
        PeriodKind.Month => "monthly",
        PeriodKind.Quarter => "quarterly",
        PeriodKind.Year => "yearly",
        PeriodKind.Total => "total",
        _ => $"{Window.Days}_day",
    };
}
