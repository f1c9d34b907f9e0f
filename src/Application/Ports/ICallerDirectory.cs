using System.Net;

namespace AiGateway.Application.Ports;

/// <summary>
/// Who stands behind a key or a token. Answers may be cached in memory for a few seconds; changes made through this
/// process take effect at once.
/// </summary>
public interface ICallerDirectory
{
    /// <summary>What is known of an API key without asking the database.</summary>
    RecalledKey Recall(string secret);

    /// <summary>The caller of an API key; null when it is unknown, revoked or expired, or its user is disabled.</summary>
    /// <param name="secret">The key.</param>
    /// <param name="address">Whose look-ups it waits among; null: it waits for nobody's.</param>
    /// <param name="cancellationToken">Ends the wait, not the look-up.</param>
    ValueTask<Caller?> FindByKeyAsync(string secret, IPAddress? address, CancellationToken cancellationToken);

    /// <summary>
    /// The caller of a validated token; a subject seen for the first time becomes a user. Null when the user is disabled.
    /// </summary>
    /// <exception cref="Domain.AiGatewayException">
    /// <see cref="Domain.ErrorCode.PermissionDenied"/>: the subject has no user, and no more users are made for tokens.
    /// </exception>
    ValueTask<Caller?> FindBySubjectAsync(
        string issuer, string subject, string? name, IReadOnlyList<string> scopes, CancellationToken cancellationToken);

    /// <summary>Forgets what is cached, after a key or a user was changed.</summary>
    void Forget();

    /// <summary>Forgets what is cached about one user, after that user's preference was changed.</summary>
    void Forget(Guid userId);
}

/// <summary>What is known of an API key without asking the database.</summary>
/// <param name="IsKnown">Whether the answer is at hand; it may be that the key lets nobody in.</param>
/// <param name="Caller">The key's caller; null when it has none, or the answer is not at hand.</param>
/// <param name="WasGood">Whether the key let a caller in within the last 5 minutes.</param>
public readonly record struct RecalledKey(bool IsKnown, Caller? Caller, bool WasGood);
