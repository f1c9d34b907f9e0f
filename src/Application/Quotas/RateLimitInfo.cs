namespace AiGateway.Application.Quotas;

/// <summary>A provider's rate limits, from its last answer; null: not reported.</summary>
/// <param name="LimitRequests">Requests per window.</param>
/// <param name="RemainingRequests">Requests left in the window.</param>
/// <param name="ResetRequests">Time until the request window is full again.</param>
/// <param name="LimitTokens">Tokens per window.</param>
/// <param name="RemainingTokens">Tokens left in the window.</param>
/// <param name="ResetTokens">Time until the token window is full again.</param>
/// <param name="ReadAt">When the answer came.</param>
public sealed record RateLimitInfo(
    long? LimitRequests,
    long? RemainingRequests,
    TimeSpan? ResetRequests,
    long? LimitTokens,
    long? RemainingTokens,
    TimeSpan? ResetTokens,
    DateTimeOffset ReadAt);
