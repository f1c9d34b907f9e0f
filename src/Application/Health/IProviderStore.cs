using AiGateway.Domain;

namespace AiGateway.Application.Health;

/// <summary>What the last checks of providers found.</summary>
public interface IProviderStore
{
    /// <summary>Keeps what a check found; the provider's row is made when it is missing.</summary>
    Task SaveHealthAsync(ProviderHealth health, CancellationToken cancellationToken);

    /// <summary>Adds changes to the history. Changes older than 90 days are removed.</summary>
    Task AddChangesAsync(IReadOnlyList<ProviderHealthChange> changes, CancellationToken cancellationToken);

    /// <summary>The last changes, newest first.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<IReadOnlyList<ProviderHealthChange>> ListChangesAsync(int count, CancellationToken cancellationToken);
}
