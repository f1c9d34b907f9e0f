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
    ValueTask<Caller?> FindBySubjectAsync(
        string issuer, string subject, string? name, IReadOnlyList<string> scopes, CancellationToken cancellationToken);

    /// <summary>Forgets what is cached, after a key, a user or a preference was changed.</summary>
    void Forget();
}
