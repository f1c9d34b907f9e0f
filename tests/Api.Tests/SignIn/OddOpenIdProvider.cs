using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace AiGateway.Api.Tests.SignIn;

/// <summary>An OpenID provider on a socket whose tokens a test can bend: the oddities and the attacks of the field.</summary>
internal sealed class OddOpenIdProvider : IAsyncDisposable
{
    public const string ClientId = "the-gateway";
    public const string ClientSecret = "the-secret-of-the-gateway";
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge)> _codes = new();
    private readonly RSA _key = RSA.Create(2048);
    private readonly WebApplication _app;

    private OddOpenIdProvider(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>Changes the claims of the next ID tokens.</summary>
    public Action<Dictionary<string, object>> Bend { get; set; } = static _ => { };

    /// <summary>Further claims at the user-info endpoint.</summary>
    public Dictionary<string, object> UserInfo { get; } = [];

    /// <summary>The error with which authorization is answered; null: none.</summary>
    public string? Error { get; set; }

    /// <summary>Whether ID tokens are signed with another key than the published one.</summary>
    public bool IsForged { get; set; }

    public static async Task<OddOpenIdProvider> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new OddOpenIdProvider(app);
        app.MapGet("/.well-known/openid-configuration", provider.Describe);
        app.MapGet("/keys", provider.Keys);
        app.MapGet("/authorize", provider.Authorize);
        app.MapPost("/token", provider.TokenAsync);
        app.MapGet("/userinfo", () => Results.Json(provider.UserInfo));
        await app.StartAsync();
        return provider;
    }

    public void Reset()
    {
        (Bend, Error, IsForged) = (static _ => { }, null, false);
        UserInfo.Clear();
        UserInfo["sub"] = "ann";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private IResult Describe() => Results.Json(new Dictionary<string, object>
    {
        ["issuer"] = Address,
        ["authorization_endpoint"] = $"{Address}/authorize",
        ["token_endpoint"] = $"{Address}/token",
        ["userinfo_endpoint"] = $"{Address}/userinfo",
        ["jwks_uri"] = $"{Address}/keys",
        ["response_types_supported"] = new[] { "code" },
        ["subject_types_supported"] = new[] { "public" },
        ["id_token_signing_alg_values_supported"] = new[] { "RS256" },
    });

    private IResult Keys()
    {
        var parameters = _key.ExportParameters(false);
        return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "1", n = WebEncoders.Base64UrlEncode(parameters.Modulus!), e = WebEncoders.Base64UrlEncode(parameters.Exponent!) } } });
    }

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        var back = QueryHelpers.AddQueryString(query["redirect_uri"].ToString(), "state", query["state"].ToString());
        if (Error is not null) return Results.Redirect(QueryHelpers.AddQueryString(back, "error", Error));
        if (query["code_challenge_method"] != "S256" || query["client_id"] != ClientId) return Results.BadRequest();
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        _codes[code] = (query["nonce"].ToString(), query["code_challenge"].ToString());
        return Results.Redirect(QueryHelpers.AddQueryString(back, "code", code));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var isKnown = _codes.TryRemove(form["code"].ToString(), out var asked);
        var challenge = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!isKnown || challenge != asked.Challenge || form["client_secret"] != ClientSecret) return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        return Results.Json(new { access_token = "opaque", token_type = "Bearer", expires_in = 300, id_token = NewToken(asked.Nonce) });
    }

    private string NewToken(string nonce)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Address,
            ["sub"] = "ann",
            ["aud"] = ClientId,
            ["name"] = "Ann Example",
            ["groups"] = new[] { "platform" },
            ["nonce"] = nonce,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 300,
        };
        Bend(claims);
        using var other = RSA.Create(2048);
        var body = $"{Encode(new { alg = "RS256", typ = "JWT", kid = "1" })}.{Encode(claims)}";
        var signature = (IsForged ? other : _key).SignData(Encoding.ASCII.GetBytes(body), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{body}.{WebEncoders.Base64UrlEncode(signature)}";
    }

    private static string Encode(object value) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(value));
}
