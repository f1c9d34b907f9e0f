using AiGateway.Application.Providers;

namespace AiGateway.Infrastructure.Providers;

/// <summary>Remembers for a while that a provider reported the quota of the gateway's account as used up.</summary>
internal sealed class ProviderAccountState(TimeProvider time)
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(60);
    private static readonly ProviderQuotaStatus Open = new(HasCapacity: true, RetryAt: null);

    // One reference, replaced as a whole: readers see a consistent status without a lock.
    private volatile ProviderQuotaStatus _last = Open;

    public void MarkExhausted() => _last = new ProviderQuotaStatus(HasCapacity: false, time.GetUtcNow() + Memory);

    public void MarkOpen() => _last = Open;

    public ProviderQuotaStatus Read() => _last is { HasCapacity: false } full && time.GetUtcNow() < full.RetryAt ? full : Open;
}
