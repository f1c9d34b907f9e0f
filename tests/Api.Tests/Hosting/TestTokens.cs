using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace AiGateway.Api.Tests.Hosting;

/// <summary>Makes JWTs by hand, valid and faulty ones.</summary>
internal static class TestTokens
{
    public const string Issuer = "https://issuer.example.com/";
    public const string Audience = "aigateway";
    public const string SigningKey = "a-signing-key-of-more-than-32-bytes-for-tests";

    public static readonly (string Name, string Value)[] Settings =
        [("Jwt:Issuer", Issuer), ("Jwt:Audience", Audience), ("Jwt:SigningKey", SigningKey)];

    /// <summary>A token that the gateway accepts, unless the given claims say otherwise. Null leaves a claim out.</summary>
    public static string Create(
        string? subject = "ann", string? scope = "ai:generate", string? issuer = Issuer, string? audience = Audience,
        TimeSpan? expiresIn = null, string? name = null, string algorithm = "HS256", string signingKey = SigningKey,
        (string Name, object Value)? more = null)
    {
        var claims = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["sub"] = subject,
            ["scope"] = scope,
            ["iss"] = issuer,
            ["aud"] = audience,
            ["name"] = name,
            ["exp"] = (TimeProvider.System.GetUtcNow() + (expiresIn ?? TimeSpan.FromHours(1))).ToUnixTimeSeconds(),
        };
        if (more is { } claim) claims[claim.Name] = claim.Value;
        return Sign(algorithm, claims.Where(claim => claim.Value is not null).ToDictionary(), signingKey);
    }

    /// <summary>A token without an expiry.</summary>
    public static string WithoutExpiry() => Sign("HS256", new() { ["sub"] = "ann", ["scope"] = "ai:generate", ["iss"] = Issuer, ["aud"] = Audience }, SigningKey);

    /// <summary>A token that the gateway accepts, unless its header says otherwise.</summary>
    public static string WithHeader(string header) => Sign(
        "HS256",
        new()
        {
            ["sub"] = "ann",
            ["scope"] = "ai:generate",
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["exp"] = (TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1)).ToUnixTimeSeconds(),
        },
        SigningKey,
        header);

    private static string Sign(string algorithm, Dictionary<string, object?> claims, string signingKey, string? header = null)
    {
        var head = Encode(header is null ? JsonSerializer.SerializeToUtf8Bytes(new { alg = algorithm, typ = "JWT" }) : Encoding.UTF8.GetBytes(header));
        var body = $"{head}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        if (algorithm == "none") return $"{body}.";
        return $"{body}.{Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(signingKey), Encoding.ASCII.GetBytes(body)))}";
    }

    private static string Encode(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);
}
