using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>Providers and the results of their last checks.</summary>
public interface IProviderStore
{
    /// <summary>The results of the last checks.</summary>
    Task<IReadOnlyList<ProviderHealth>> ListHealthAsync(CancellationToken cancellationToken);

    /// <summary>Saves the result of a check and adds the provider when it is missing.</summary>
    Task SaveHealthAsync(ProviderHealth health, CancellationToken cancellationToken);
}
