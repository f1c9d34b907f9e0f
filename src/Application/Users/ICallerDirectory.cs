using System.Net;

namespace AiGateway.Application.Users;

/// <summary>
/// Finds the caller of a key or a token. Answers may be cached in memory for a few seconds; changes made through this
/// process take effect at once.
/// </summary>
public interface ICallerDirectory
{
    /// <summary>What the cache knows about an API key.</summary>
    RecalledKey Recall(string secret);

    /// <summary>The caller of an API key; null when it is unknown, revoked or expired, or its user is disabled.</summary>
    /// <param name="secret">The key.</param>
    /// <param name="address">The client address, whose look-ups are queued together; null: the look-up is not queued.</param>
    /// <param name="cancellationToken">Ends the wait, not the look-up.</param>
    ValueTask<Caller?> FindByKeyAsync(string secret, IPAddress? address, CancellationToken cancellationToken);

    /// <summary>The caller of a validated token; a new subject becomes a user. Null when the user is disabled.</summary>
    /// <exception cref="Domain.AiGatewayException">
    /// <see cref="Domain.ErrorCode.PermissionDenied"/>: the subject has no user, and the limit of users created for tokens
    /// is reached.
    /// </exception>
    ValueTask<Caller?> FindBySubjectAsync(
        string issuer, string subject, string? name, IReadOnlyList<string> scopes, CancellationToken cancellationToken);

    /// <summary>Clears the cache, after a key or a user was changed.</summary>
    void Forget();

    /// <summary>Clears the cache of one user, after the preference of that user was changed.</summary>
    void Forget(Guid userId);
}

/// <summary>What the cache knows about an API key.</summary>
/// <param name="IsKnown">Whether the answer is cached. The key may still be invalid.</param>
/// <param name="Caller">The caller of the key; null when the key is invalid or not cached.</param>
/// <param name="WasGood">Whether the key was valid within the last 5 minutes.</param>
public readonly record struct RecalledKey(bool IsKnown, Caller? Caller, bool WasGood);
