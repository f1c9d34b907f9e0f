using AiGateway.Application.Quotas;

namespace AiGateway.Infrastructure.Providers;

/// <summary>Remembers for a while that a provider reported the quota of the gateway's account as used up.</summary>
internal sealed class AccountRoom(TimeProvider time)
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(60);
    private static readonly ProviderQuotaStatus Room = new(HasRoom: true, RetryAt: null);

    // One reference, replaced as a whole: readers see a consistent status without a lock.
    private volatile ProviderQuotaStatus _last = Room;

    public void MarkExhausted() => _last = new ProviderQuotaStatus(HasRoom: false, time.GetUtcNow() + Memory);

    public void MarkOpen() => _last = Room;

    public ProviderQuotaStatus Read() => _last is { HasRoom: false } full && time.GetUtcNow() < full.RetryAt ? full : Room;
}
