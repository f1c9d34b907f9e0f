using AiGateway.Infrastructure.Configuration;

namespace AiGateway.Api.Auth;

/// <summary>Which scheme authenticates a request.</summary>
/// <param name="settings">Which schemes there are beside API keys.</param>
internal sealed class CredentialSchemes(AuthenticationSettings settings)
{
    /// <summary>Whether every request is authenticated by its API key.</summary>
    public bool IsOnlyKeys => settings is { Enabled: true, Jwt: null };

    /// <summary>The name of the scheme.</summary>
    public string Of(Credentials credentials)
    {
        if (credentials == default && !settings.Enabled) return Schemes.Development;
        return settings.Jwt is not null && credentials.LookLikeJwt() ? Schemes.Jwt : Schemes.ApiKey;
    }
}
