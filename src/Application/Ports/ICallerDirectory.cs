namespace AiGateway.Application.Ports;

/// <summary>
/// Who stands behind a key or a token. Answers may be cached in memory for a few seconds; changes made through this
/// process take effect at once.
/// </summary>
public interface ICallerDirectory
{
    /// <summary>The caller of an API key; null when it is unknown, revoked or expired, or its user is disabled.</summary>
    ValueTask<Caller?> FindByKeyAsync(string secret, CancellationToken cancellationToken);

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
