namespace AiGateway.Application.Quotas;

/// <summary>Whether the gateway's account at a provider has quota left.</summary>
/// <param name="HasRoom">False after the provider reported that the quota is used up.</param>
/// <param name="RetryAt">When quota may be available again; null when it is available, or when the time is unknown.</param>
public sealed record ProviderQuotaStatus(bool HasRoom, DateTimeOffset? RetryAt);
