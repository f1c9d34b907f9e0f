namespace AiGateway.Api.Auth;

/// <summary>Names of authentication schemes.</summary>
internal static class Schemes
{
    public const string ApiKey = "ApiKey";
    public const string Jwt = "Jwt";
    public const string Development = "Development";
}

/// <summary>Which scheme authenticates a request.</summary>
/// <param name="required">Whether a request without credentials is refused.</param>
/// <param name="acceptsTokens">Whether JWTs are accepted.</param>
internal sealed class CredentialSchemes(bool required, bool acceptsTokens)
{
    /// <summary>Whether every request is authenticated by its API key.</summary>
    public bool IsOnlyKeys => required && !acceptsTokens;

    /// <summary>The name of the scheme.</summary>
    public string Of(Credentials credentials)
    {
        if (credentials == default && !required) return Schemes.Development;
        return acceptsTokens && credentials.LookLikeJwt() ? Schemes.Jwt : Schemes.ApiKey;
    }
}
