namespace AiGateway.Infrastructure.Configuration.SignIn;

/// <summary>The operators' console.</summary>
/// <param name="Enabled">Whether it is served (<c>AI_GATEWAY_CONSOLE</c>).</param>
/// <param name="PublicUrl">The https address that browsers see (<c>AI_GATEWAY_PUBLIC_URL</c>); null: that of each request.</param>
/// <param name="Oidc">Sign-in by an OpenID provider; null: by key only.</param>
public sealed record ConsoleSettings(bool Enabled, Uri? PublicUrl, OidcSettings? Oidc);

/// <summary>Sign-in to the console by an OpenID provider.</summary>
public sealed record OidcSettings
{
    /// <summary>The provider (<c>Oidc:Authority</c>).</summary>
    public required Uri Authority { get; init; }

    /// <summary>The gateway's id there (<c>Oidc:ClientId</c>).</summary>
    public required string ClientId { get; init; }

    /// <summary>The gateway's secret there (<c>Oidc:ClientSecret</c>); null: none. Never logged.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The scopes to ask for beside <c>openid</c> (<c>Oidc:Scopes</c>).</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The claim whose values give rights (<c>Oidc:Claim</c>).</summary>
    public required string Claim { get; init; }

    /// <summary>What separates values in one text of the claim (<c>Oidc:ClaimSeparator</c>); default: nothing does.</summary>
    public ClaimSeparator Separator { get; init; }

    /// <summary>The rights of each value of the claim (<c>Oidc:Rights</c>); <see cref="Everyone"/> stands for every person.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Rights { get; init; }

    /// <summary>The value in <see cref="Rights"/> that every signed-in person has.</summary>
    public const string Everyone = "*";

    /// <summary>Omits the members, which contain a secret.</summary>
    public override string ToString() => nameof(OidcSettings);
}

/// <summary>What separates values that a provider sends as one text.</summary>
public enum ClaimSeparator
{
    /// <summary>Nothing: the text is one value.</summary>
    None,

    /// <summary>A comma.</summary>
    Comma,

    /// <summary>A blank.</summary>
    Space,
}
