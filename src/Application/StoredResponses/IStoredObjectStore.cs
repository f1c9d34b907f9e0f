using AiGateway.Domain;

namespace AiGateway.Application.StoredResponses;

/// <summary>Owners of the objects that providers store. A query waits at most as long as for the ledger.</summary>
public interface IStoredObjectStore
{
    /// <summary>The ids that belong to this user, with the tokens that the model would read again.</summary>
    Task<IReadOnlyList<OwnedObject>> FindAsync(Guid userId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>The ids that belong to another user.</summary>
    Task<IReadOnlyList<string>> FindForeignAsync(Guid userId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>Stores the owner of these objects; an id that is known already keeps its first owner.</summary>
    Task AddAsync(IReadOnlyCollection<StoredObject> objects, CancellationToken cancellationToken);

    /// <summary>Removes an object that this user deleted at the provider.</summary>
    Task RemoveAsync(Guid userId, string id, CancellationToken cancellationToken);
}

/// <summary>An object that a user created and a provider stores.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="Provider">The provider that stores it.</param>
/// <param name="Tokens">
/// Prompt and completion tokens of the request that created it, as reported by the provider or held. Null: unknown, for
/// example when the gateway counted them.
/// </param>
/// <param name="RequestedModel">
/// The requested model of that request; null: unknown. Another model may count the same content differently.
/// </param>
/// <param name="Model">The model that created it; null: unknown, since its usage record is archived.</param>
public sealed record OwnedObject(string Id, string Provider, long? Tokens, string? RequestedModel, string? Model = null);
