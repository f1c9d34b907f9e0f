using AiGateway.Domain;

namespace AiGateway.Application.Providers;

/// <summary>What one check found.</summary>
/// <param name="Name">What was checked: <c>gateway</c>, <c>database</c> or a provider's name.</param>
/// <param name="State">Its state.</param>
/// <param name="Latency">How long the check took.</param>
/// <param name="CheckedAt">When.</param>
/// <param name="Problem">What is wrong, without secrets; null when healthy.</param>
public sealed record HealthStatus(
    string Name, HealthState State, TimeSpan Latency, DateTimeOffset CheckedAt, string? Problem = null)
{
    /// <summary>Of a provider: the models that failed and are tried after others for a while.</summary>
    public IReadOnlyList<CoolingModel> Cooling { get; init; } = [];

    /// <summary>Of a provider: what its refusals taught about its requests.</summary>
    public IReadOnlyList<string> Learned { get; init; } = [];
}

/// <summary>A model that failed at a provider and is tried after other targets for a while.</summary>
/// <param name="Model">The model's name at the gateway.</param>
/// <param name="Until">When it is tried again.</param>
/// <param name="Reason">The failure that caused it.</param>
public sealed record CoolingModel(string Model, DateTimeOffset Until, ErrorCode Reason);

/// <summary>A model whose circuit breaker is open: users whose requests failed are refused until a request succeeds.</summary>
/// <param name="Model">The model's name at the gateway.</param>
/// <param name="Reason">The failure that opened it.</param>
/// <param name="Until">When the last of the refused users may try; null: each of them may try now.</param>
public sealed record OpenBreaker(string Model, ErrorCode Reason, DateTimeOffset? Until);

/// <summary>A failure of a provider. It holds no words of the provider and nothing of the request.</summary>
/// <param name="At">When.</param>
/// <param name="Model">The model's name at the gateway; empty: the call concerned no model.</param>
/// <param name="Kind">The error code.</param>
/// <param name="Status">The provider's HTTP status; null: there was no answer, or its body or stream failed.</param>
public sealed record ProviderError(DateTimeOffset At, string Model, ErrorCode Kind, int? Status);

/// <summary>Whether the gateway's account at a provider has quota left.</summary>
/// <param name="HasCapacity">False after the provider reported that the quota is used up.</param>
/// <param name="RetryAt">When quota may be available again; null when it is available, or when the time is unknown.</param>
public sealed record ProviderQuotaStatus(bool HasCapacity, DateTimeOffset? RetryAt);

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
