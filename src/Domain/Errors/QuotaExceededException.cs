namespace AiGateway.Domain;

/// <summary>
/// The request would exceed a limit. A rate and a limit of requests in progress are a matter of waiting; others are not, and a
/// request that is larger than the rate is not either.
/// </summary>
public sealed class QuotaExceededException : AiGatewayException
{
    /// <param name="refusal">The exceeded limit.</param>
    public QuotaExceededException(QuotaRefusal refusal)
        : base(
            refusal.Limit.IsRate || refusal.Limit.Metric == BudgetMetric.Concurrent ? ErrorCode.RateLimited : ErrorCode.QuotaExceeded,
            refusal.Describe())
    {
        Refusal = refusal;
        RetryAfter = refusal.Limit.Metric == BudgetMetric.Concurrent ? TimeSpan.FromSeconds(1) : refusal.RetryAfter;
    }

    /// <summary>The exceeded limit, and when it resets.</summary>
    public QuotaRefusal Refusal { get; }

    /// <summary>The tightest rates of the request; null: no rate applies.</summary>
    public RateFigures? Rates { get; init; }
}
