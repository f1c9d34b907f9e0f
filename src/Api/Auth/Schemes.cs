using AiGateway.Api.Auth.Sessions;

namespace AiGateway.Api.Auth;

/// <summary>Names of authentication schemes.</summary>
internal static class Schemes
{
    public const string ApiKey = "ApiKey";
    public const string Jwt = "Jwt";
    public const string Development = "Development";
    public const string Console = "Console";
    public const string Oidc = "Oidc";
}

/// <summary>Which scheme authenticates a request.</summary>
/// <param name="required">Whether a request without credentials is refused.</param>
/// <param name="acceptsTokens">Whether JWTs are accepted.</param>
/// <param name="console">Where sessions of the console are accepted; null: nowhere.</param>
internal sealed class CredentialSchemes(bool required, bool acceptsTokens, ConsoleAddress? console)
{
    /// <summary>Whether every request is authenticated by its API key.</summary>
    public bool IsOnlyKeys => required && !acceptsTokens && console is null;

    /// <summary>The name of the scheme of a request. A session counts only without a key or token.</summary>
    public string Of(HttpRequest request)
    {
        var credentials = Credentials.Read(request);
        return credentials == default && console?.HasSession(request) == true ? Schemes.Console : Of(credentials);
    }

    /// <summary>The name of the scheme of a key or token.</summary>
    public string Of(Credentials credentials)
    {
        if (credentials == default && !required) return Schemes.Development;
        return acceptsTokens && credentials.LookLikeJwt() ? Schemes.Jwt : Schemes.ApiKey;
    }
}
