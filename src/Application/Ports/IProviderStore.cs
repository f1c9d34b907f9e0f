using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>Providers and what their last checks found.</summary>
public interface IProviderStore
{
    /// <summary>What the last checks found.</summary>
    Task<IReadOnlyList<ProviderHealth>> ListHealthAsync(CancellationToken cancellationToken);

    /// <summary>Keeps what a check found; the provider's row is made when it is missing.</summary>
    Task SaveHealthAsync(ProviderHealth health, CancellationToken cancellationToken);
}
