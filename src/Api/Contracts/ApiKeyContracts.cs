namespace AiGateway.Api.Contracts;

/// <summary>A key to create.</summary>
public sealed record CreateApiKeyRequest
{
    /// <summary>The owner of the key.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The purpose of the key, 1 to 200 characters.</summary>
    /// <example>web front end</example>
    public string? Name { get; init; }

    /// <summary>Any of <c>ai:generate</c> and <c>ai:admin</c>; left out: <c>ai:generate</c>.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Time from which the key is refused, in the future; left out: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A key, without its secret.</summary>
/// <param name="Id">The key's id.</param>
/// <param name="UserId">The id of its owner.</param>
/// <param name="Name">Its purpose.</param>
/// <param name="Prefix">First characters of the secret.</param>
/// <param name="Scopes">Its scopes.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ExpiresAt">From when on it is refused; null: never.</param>
/// <param name="RevokedAt">When it was revoked; null: it was not.</param>
public sealed record ApiKeyResponse(
    Guid Id,
    Guid UserId,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt);

/// <summary>A new key. Its secret is shown this once.</summary>
/// <param name="Id">The key's id.</param>
/// <param name="Key">The secret: keep it, it cannot be shown again.</param>
/// <param name="UserId">The id of its owner.</param>
/// <param name="Name">Its purpose.</param>
/// <param name="Prefix">First characters of the secret.</param>
/// <param name="Scopes">Its scopes.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ExpiresAt">From when on it is refused; null: never.</param>
public sealed record CreatedApiKeyResponse(
    Guid Id,
    string Key,
    Guid UserId,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt);

/// <summary>One page of keys, oldest first.</summary>
/// <param name="Items">The keys.</param>
/// <param name="Next">Give this as <c>next</c> to get the following page; null: this is the last one.</param>
public sealed record ApiKeyListResponse(IReadOnlyList<ApiKeyResponse> Items, Guid? Next);
