using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.Auth;

/// <summary>Where a request carries its credentials.</summary>
internal static class Credentials
{
    public const string ApiKeyHeader = "X-Api-Key";

    private const string BearerPrefix = "Bearer ";

    /// <summary>The key or token; null when the request carries none.</summary>
    public static string? Read(HttpRequest request)
    {
        var authorization = request.Headers[HeaderNames.Authorization].ToString();
        if (authorization.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) && authorization.Length > BearerPrefix.Length)
            return authorization[BearerPrefix.Length..].Trim();
        var key = request.Headers[ApiKeyHeader].ToString();
        return key.Length == 0 ? null : key;
    }

    /// <summary>Whether these credentials have the form of a JWT: three parts, the first a JSON object in base64.</summary>
    public static bool LookLikeJwt(string credentials) =>
        credentials.StartsWith("eyJ", StringComparison.Ordinal) && credentials.AsSpan().Count('.') == 2;
}
