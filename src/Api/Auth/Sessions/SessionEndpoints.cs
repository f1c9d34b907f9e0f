using AiGateway.Api.Auth.Keys;
using AiGateway.Api.Http;
using AiGateway.Application.ApiKeys;
using AiGateway.Domain;
using Microsoft.AspNetCore.Mvc;

namespace AiGateway.Api.Auth.Sessions;

/// <summary>Sign-in to the console and sign-out: <c>/console/session</c>.</summary>
internal sealed partial class SessionEndpoints(
    ConsoleAddress address, SessionCookie cookie, KeyCheck keys, IApiKeySecrets secrets, SignInMethods methods, SignInErrors errors, ILogger<SessionEndpoints> logger)
{
    private const int MaxBodyBytes = 128 * 1024;

    public static void Map(WebApplication app)
    {
        var session = app.Services.GetRequiredService<SessionEndpoints>();
        var path = $"{ConsoleAddress.Path}/session";
        app.MapGet(path, session.Tell).AllowAnonymous().ExcludeFromDescription();
        app.MapPost(path, session.SignInAsync).AllowAnonymous().ExcludeFromDescription().WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
        app.MapDelete(path, session.SignOut).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>The origin of a sign-in.</summary>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.PermissionDenied"/>: the address is not safe for a session.</exception>
    public static ConsoleOrigin RequireOrigin(ConsoleAddress address, HttpRequest request) => address.Of(request) ?? throw new AiGatewayException(
        ErrorCode.PermissionDenied,
        "Sign-in over plain HTTP is refused, because others on the network could read your key. Open the console over https, or as http://localhost on the gateway's machine. "
        + "Behind a proxy that ends TLS, set AI_GATEWAY_PUBLIC_URL. See docs/console.md.");

    private IResult Tell(HttpContext context)
    {
        DoNotStore(context);
        var caller = context.FindCaller();
        return Results.Ok(new SessionResponse(
            caller is null ? null : new SessionUser(caller.UserId, caller.UserName),
            caller?.Scopes ?? [],
            caller is null ? null : context.Features.Get<ConsoleSession>()?.ExpiresAt,
            methods.Names,
            errors.Take(context),
            "UTC",
            ProductVersion.Text));
    }

    private async Task<IResult> SignInAsync(HttpContext context, SignInRequest body)
    {
        DoNotStore(context);
        var origin = RequireOrigin(address, context.Request);
        if (SameOrigin.FindForeign(context.Request, origin) is { } foreign) throw foreign;
        if (string.IsNullOrWhiteSpace(body.Key)) throw new InvalidRequestException("key", "is required");
        var secret = body.Key.Trim();
        var answer = await keys.CheckAsync(secret, context);
        if (answer.Caller is not { } caller) throw answer.Failure ?? new AiGatewayException(ErrorCode.Unauthenticated, KeyAnswer.Invalid);
        ConsoleSession.RequireRights(caller.Scopes);
        cookie.Begin(context, origin, secrets.HashOf(secret));
        Log.SignedIn(logger, caller.UserId, caller.ApiKeyId, ClientAddress.Of(context));
        return Results.NoContent();
    }

    private IResult SignOut(HttpContext context)
    {
        DoNotStore(context);
        if (!address.HasSession(context.Request) || address.Of(context.Request) is not { } origin) return Results.NoContent();
        if (SameOrigin.FindFault(context.Request, origin) is { } fault) throw fault;
        SessionCookie.Remove(context, origin);
        return Results.NoContent();
    }

    private static void DoNotStore(HttpContext context) => context.Response.Headers.CacheControl = "no-store";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Console: user {UserId} signed in with key {KeyId} from {Address}")]
        public static partial void SignedIn(ILogger logger, Guid userId, Guid? keyId, System.Net.IPAddress address);
    }
}

/// <summary>Ways to sign in to the console.</summary>
/// <param name="Names">Their names: <c>key</c>, <c>oidc</c>.</param>
internal sealed record SignInMethods(IReadOnlyList<string> Names);

/// <summary>A sign-in by key.</summary>
/// <param name="Key">The API key.</param>
internal sealed record SignInRequest(string? Key)
{
    /// <summary>Omits the key.</summary>
    public override string ToString() => nameof(SignInRequest);
}

/// <summary>Who is signed in, and what the console needs to know before.</summary>
/// <param name="User">The user; null: no one is signed in.</param>
/// <param name="Scopes">What the user may do.</param>
/// <param name="ExpiresAt">When the session ends; null: there is none.</param>
/// <param name="SignInMethods">Ways to sign in: <c>key</c>, <c>oidc</c>.</param>
/// <param name="SignInError">Why the last sign-in by the OpenID provider failed, told once; null: it did not.</param>
/// <param name="TimeZone">The time zone of all figures that name none.</param>
/// <param name="Version">The gateway's version.</param>
internal sealed record SessionResponse(
    SessionUser? User, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt, IReadOnlyList<string> SignInMethods, string? SignInError, string TimeZone, string Version);

/// <summary>A signed-in user.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The display name.</param>
internal sealed record SessionUser(Guid Id, string Name);
