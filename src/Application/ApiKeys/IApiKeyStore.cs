using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.ApiKeys;

/// <summary>API keys, without their secrets.</summary>
public interface IApiKeyStore
{
    /// <summary>Adds a key.</summary>
    Task AddAsync(ApiKey key, Actor by, CancellationToken cancellationToken);

    /// <summary>Keys after this id, oldest first; of one user, or of all.</summary>
    Task<IReadOnlyList<ApiKey>> ListAsync(Guid? userId, Guid? after, int limit, CancellationToken cancellationToken);

    /// <summary>Revokes a key; a second revocation keeps the first time. False when there is no such key.</summary>
    /// <exception cref="LastAdministratorException">No other active administrator key exists; nothing was changed.</exception>
    Task<bool> RevokeAsync(Guid id, Actor by, DateTimeOffset at, CancellationToken cancellationToken);
}
