namespace AiGateway.Application.Quotas;

/// <summary>Whether a provider's own account has room for more.</summary>
/// <param name="HasRoom">False after the provider said that it takes no more for now.</param>
/// <param name="RetryAt">When it may have room again; null when it has, or when that is not known.</param>
public sealed record ProviderQuotaStatus(bool HasRoom, DateTimeOffset? RetryAt);
