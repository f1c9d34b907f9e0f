using System.Text.Encodings.Web;
using AiGateway.Api.Auth.Keys;
using AiGateway.Application;
using AiGateway.Application.Users;
using AiGateway.Domain;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AiGateway.Api.Auth.Sessions;

/// <summary>Authenticates a request by the session of the console, with the rights that its key or person has now.</summary>
internal sealed class SessionAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder,
    ConsoleAddress address, SessionCookie cookie, ICallerDirectory callers, KeyCheck keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private const string Ended = "Your session in the console has ended, or its key or user is no longer valid. Sign in again.";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (address.Of(Request) is not { } origin || cookie.Read(Request) is not { } session) return AuthenticateResult.Fail(Ended);
        try
        {
            if (await FindCallerAsync(session) is not { } caller) return AuthenticateResult.Fail(Ended);
            if (Refuse(caller, origin) is { } refusal) return RefusedCaller.Refuse(Context, refusal, Scheme.Name);
            Context.Features.Set(session);
            return CallerIdentity.Success(caller, Scheme.Name);
        }
        catch (AiGatewayException refusal) when (refusal.Code == ErrorCode.PermissionDenied)
        {
            return RefusedCaller.Refuse(Context, refusal, Scheme.Name);
        }
        catch (AiGatewayException refusal) when (refusal.Code == ErrorCode.Unauthenticated)
        {
            return AuthenticateResult.Fail(refusal);
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceAsync();
        throw result.Failure as AiGatewayException ?? new AiGatewayException(ErrorCode.Unauthenticated, Ended);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Context.Features.Get<RefusedCaller>() is { } refused ? throw refused.Failure : base.HandleForbiddenAsync(properties);

    private ValueTask<Caller?> FindCallerAsync(ConsoleSession session) => session switch
    {
        { KeyHash: { } hash } => callers.FindByKeyHashAsync(hash, Context.RequestAborted),
        { Person: { } person } => callers.FindBySubjectAsync(person.Issuer, person.Subject, person.Name, default, person.Scopes, Context.RequestAborted),
        _ => default,
    };

    private AiGatewayException? Refuse(Caller caller, ConsoleOrigin origin)
    {
        if (SameOrigin.IsChange(Request.Method) && SameOrigin.FindFault(Request, origin) is { } fault) return fault;
        return caller.ApiKeyId is null ? null : keys.Accept(caller, Context).Failure;
    }
}
