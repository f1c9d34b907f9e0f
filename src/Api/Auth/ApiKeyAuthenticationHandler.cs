using System.Text.Encodings.Web;
using AiGateway.Api.Errors;
using AiGateway.Application;
using AiGateway.Application.Users;
using AiGateway.Domain;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.Auth;

/// <summary>Authenticates a request by its API key.</summary>
internal sealed class ApiKeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder,
    ICallerDirectory callers, KnownKeys keys, FailedAuthentications failures)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private static readonly Task<AuthenticateResult> NoKey = Task.FromResult(AuthenticateResult.NoResult());
    private TimeSpan? _wait;
    private AiGatewayException? _refusal;
    private bool _differ;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var credentials = Credentials.Read(Request);
        _differ = credentials.Differ;
        if (credentials.Secret is not { } secret) return NoKey;
        var recalled = callers.Recall(secret);
        return recalled.Caller is { } caller
            ? Task.FromResult(Accept(caller))
            : LookUpAsync(secret, recalled);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_wait is { } wait) throw FailedAuthentications.ToRefusal(wait);
        if (_refusal is not null) throw _refusal;
        if (_differ) throw ErrorTable.DifferentCredentials();
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer realm=\"AiGateway\"";
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Context.Features.Get<RefusedCaller>() is { } refused ? throw refused.Failure : base.HandleForbiddenAsync(properties);

    // The key is valid, so its use from elsewhere is no failed authentication.
    private AuthenticateResult Accept(Caller caller)
    {
        if (keys.TryUse(caller, Context)) return CallerIdentity.Success(caller, Scheme.Name);
        Context.Features.Set(new RefusedCaller(new AiGatewayException(
            ErrorCode.PermissionDenied,
            $"Your key may not be used from the address {ClientAddress.Of(Context)}. Use it from one of its networks, or ask an administrator to add yours.")));
        return AuthenticateResult.Success(new AuthenticationTicket(RefusedCaller.PrincipalOf(Scheme.Name), Scheme.Name));
    }

    // A recently valid key is never refused and does not wait for others. Every other key is charged before its look-up, so
    // an address never has more look-ups in progress than failures left.
    private async Task<AuthenticateResult> LookUpAsync(string secret, RecalledKey recalled)
    {
        var address = ClientAddress.Of(Context);
        var isCharged = !recalled.WasGood;
        if (isCharged && (_wait = failures.Charge(address)) is not null) return Fail();
        var isFailure = false;
        try
        {
            var caller = recalled.IsKnown
                ? null
                : await callers.FindByKeyAsync(secret, recalled.WasGood ? null : ClientAddress.OwnerOf(address), Context.RequestAborted);
            if (caller is not null) return Accept(caller);
            isFailure = true;
        }
        catch (AiGatewayException refusal) when (refusal.Code == ErrorCode.Unauthenticated)
        {
            _refusal = refusal;
            isFailure = true;
        }
        finally
        {
            if (isCharged && !isFailure) failures.GiveBack(address);
        }

        if (!isCharged) _wait = failures.Charge(address);
        return Fail();

        AuthenticateResult Fail()
        {
            failures.Tell(address);
            return AuthenticateResult.Fail("The API key is unknown, revoked or expired, or its user is disabled.");
        }
    }
}
