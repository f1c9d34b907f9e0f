using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>Who made what a provider keeps. Whoever asks waits no longer than for the books.</summary>
public interface IStoredObjectStore
{
    /// <summary>Those of the ids that this user made, with the tokens that the model would read again.</summary>
    Task<IReadOnlyList<OwnedObject>> FindAsync(Guid userId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>Those of the ids that another user made.</summary>
    Task<IReadOnlyList<string>> FindForeignAsync(Guid userId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>Keeps who made these; ids that are known already stay with whoever made them first.</summary>
    Task AddAsync(IReadOnlyCollection<StoredObject> objects, CancellationToken cancellationToken);

    /// <summary>Forgets what this user deleted at the provider.</summary>
    Task RemoveAsync(Guid userId, string id, CancellationToken cancellationToken);
}

/// <summary>Something that a user made and a provider keeps.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="Provider">The provider that keeps it.</param>
/// <param name="Tokens">
/// Prompt and completion tokens of the request that made it, as the provider or the hold tells them; null: not known, as
/// when its usage was counted by the gateway.
/// </param>
/// <param name="RequestedModel">The model that the request asked for; null: not known. Another model may count the same content otherwise.</param>
public sealed record OwnedObject(string Id, string Provider, long? Tokens, string? RequestedModel);
