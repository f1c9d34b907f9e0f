using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.Auth;

/// <summary>The key or token of a request.</summary>
/// <param name="Secret">The key or token; null when the request carries none, or several that differ.</param>
/// <param name="Differ">Whether the headers of the request carry different credentials.</param>
internal readonly record struct Credentials(string? Secret, bool Differ)
{
    public const string ApiKeyHeader = "X-Api-Key";

    private const string AzureKeyHeader = "api-key";
    private const string BearerPrefix = "Bearer ";

    /// <summary>
    /// The credentials in <c>Authorization: Bearer</c>, <c>X-Api-Key</c> and <c>api-key</c>. Some clients send the same key in
    /// two of them.
    /// </summary>
    public static Credentials Read(HttpRequest request)
    {
        var headers = request.Headers;
        return new Credentials(ReadBearer(headers[HeaderNames.Authorization]), false)
            .With(headers[ApiKeyHeader])
            .With(headers[AzureKeyHeader]);
    }

    /// <summary>Whether these credentials have the form of a JWT: three parts, the first a JSON object in base64.</summary>
    public bool LookLikeJwt() => Secret is { } secret && secret.StartsWith("eyJ", StringComparison.Ordinal) && secret.AsSpan().Count('.') == 2;

    private Credentials With(StringValues header)
    {
        if (header.Count == 0 || Differ) return this;
        var other = header.ToString();
        if (other.Length == 0 || other == Secret) return this;
        return Secret is null ? new Credentials(other, false) : new Credentials(null, true);
    }

    private static string? ReadBearer(StringValues header)
    {
        if (header.Count == 0) return null;
        var authorization = header.ToString();
        return authorization.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) && authorization.Length > BearerPrefix.Length
            ? authorization[BearerPrefix.Length..].Trim()
            : null;
    }
}
