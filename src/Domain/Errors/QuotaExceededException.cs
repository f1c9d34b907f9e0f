namespace AiGateway.Domain;

/// <summary>The request would exceed a limit. A limit of requests in progress is a matter of waiting; others are not.</summary>
public sealed class QuotaExceededException : AiGatewayException
{
    /// <param name="refusal">The exceeded limit.</param>
    public QuotaExceededException(QuotaRefusal refusal)
        : base(refusal.Limit.Metric == BudgetMetric.Concurrent ? ErrorCode.RateLimited : ErrorCode.QuotaExceeded, refusal.Describe())
    {
        Refusal = refusal;
        if (refusal.Limit.Metric == BudgetMetric.Concurrent) RetryAfter = TimeSpan.FromSeconds(1);
    }

    /// <summary>The exceeded limit, and when it resets.</summary>
    public QuotaRefusal Refusal { get; }
}
