using AiGateway.Infrastructure.Persistence.Stores;

namespace AiGateway.Infrastructure.Configuration;

/// <summary>How callers authenticate.</summary>
/// <param name="Enabled">Whether authentication is required; never false outside Development.</param>
/// <param name="Jwt">Which tokens are accepted beside API keys; null: none.</param>
public sealed record AuthenticationSettings(bool Enabled, JwtSettings? Jwt);

/// <summary>
/// Which tokens are accepted: tokens of an identity provider with published keys, or tokens signed with a shared key.
/// </summary>
public sealed record JwtSettings
{
    /// <summary>The identity provider (<c>Jwt:Authority</c>); exactly one of this and <see cref="SigningKey"/> is given.</summary>
    public Uri? Authority { get; init; }

    /// <summary>
    /// The issuers that tokens may have (<c>Jwt:Issuer</c>), beside the published issuer of the identity provider.
    /// </summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>The audiences that tokens may have (<c>Jwt:Audience</c>); at least one.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>The shared key, at least 32 bytes in UTF-8 (<c>Jwt:SigningKey</c>). Never logged.</summary>
    public string? SigningKey { get; init; }

    /// <summary>The claims that hold a token's scopes (<c>Jwt:ScopeClaim</c>); at least one.</summary>
    public required IReadOnlyList<string> ScopeClaims { get; init; }

    /// <summary>The claim that holds the id of a team (<c>Jwt:TeamClaim</c>); null: none.</summary>
    public string? TeamClaim { get; init; }

    /// <summary>The claim that holds the id of a project (<c>Jwt:ProjectClaim</c>); null: none.</summary>
    public string? ProjectClaim { get; init; }

    /// <summary>Which users are created for subjects of tokens.</summary>
    public TokenUserSettings Users { get; init; } = new();

    /// <summary>Omits the members, which contain a secret.</summary>
    public override string ToString() => nameof(JwtSettings);
}
