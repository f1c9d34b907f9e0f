using System.Net;
using AiGateway.Domain;

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
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.Unauthenticated"/>: a scope above the key is disabled.</exception>
    ValueTask<Caller?> FindByKeyAsync(string secret, IPAddress? address, CancellationToken cancellationToken);

    /// <summary>The caller of an API key by the stored form of its secret; null when the key itself would not be accepted.</summary>
    /// <param name="hash">The stored form, from a session that the key began.</param>
    /// <param name="cancellationToken">Ends the wait, not the look-up.</param>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.Unauthenticated"/>: a scope above the key is disabled.</exception>
    ValueTask<Caller?> FindByKeyHashAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken);

    /// <summary>The caller of a validated token; a new subject becomes a user. Null when the user is disabled.</summary>
    /// <exception cref="AiGatewayException">
    /// <see cref="ErrorCode.PermissionDenied"/>: the token names an unknown team or project; or the subject has no user, and
    /// the limit of users created for tokens is reached. <see cref="ErrorCode.Unauthenticated"/>: a scope above it is disabled.
    /// </exception>
    ValueTask<Caller?> FindBySubjectAsync(
        string issuer, string subject, string? name, TokenPath path, IReadOnlyList<string> scopes, CancellationToken cancellationToken);

    /// <summary>Clears the cache, after a key or a user was changed.</summary>
    void Forget();

    /// <summary>Clears the cache of one user, after the preference of that user was changed.</summary>
    void Forget(Guid userId);
}

/// <summary>The team or project that a token names.</summary>
/// <param name="Kind"><see cref="ScopeKind.Team"/> or <see cref="ScopeKind.Project"/>.</param>
/// <param name="Id">Its id; null: the token names none, and the team of the user counts.</param>
public readonly record struct TokenPath(ScopeKind Kind, Guid? Id);

/// <summary>What the cache knows about an API key.</summary>
/// <param name="IsKnown">Whether the answer is cached and no disabled scope refuses the key. The key may still be invalid.</param>
/// <param name="Caller">The caller of the key; null when the key is invalid or not cached.</param>
/// <param name="WasGood">Whether the key was valid within the last 5 minutes.</param>
/// <param name="IsPending">Whether a look-up of the key is in progress. Another request for it shares that look-up.</param>
public readonly record struct RecalledKey(bool IsKnown, Caller? Caller, bool WasGood, bool IsPending = false);
