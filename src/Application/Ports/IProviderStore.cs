using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>What the last checks of providers found.</summary>
public interface IProviderStore
{
    /// <summary>Keeps what a check found; the provider's row is made when it is missing.</summary>
    Task SaveHealthAsync(ProviderHealth health, CancellationToken cancellationToken);
}
