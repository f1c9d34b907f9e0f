using System.Security.Claims;
using AiGateway.Api.Errors;
using AiGateway.Api.Http;
using AiGateway.Application.Users;
using AiGateway.Domain;
using Microsoft.AspNetCore.Authentication;

namespace AiGateway.Api.Auth.Sessions;

/// <summary>The steps of a person's sign-in around those of the OpenID library. Every one of them ends at the console.</summary>
internal sealed partial class PersonSignIn(
    ConsoleAddress address, SessionCookie cookie, SignInErrors errors, PersonRights rights, ICallerDirectory callers,
    FailedAuthentications failures, ILogger<PersonSignIn> logger)
{
    private const string Refused = "Your organisation's sign-in refused you, or you cancelled it. Try again, or ask an administrator.";
    private const string Lost = "The sign-in took too long, or began in another browser. Start it again.";
    private const string Failed = "The sign-in with your organisation failed. Try again. If it fails again, ask the operator: the log of the gateway shows the cause.";
    private const string Away = "Your organisation's sign-in cannot be reached. Try again later, or sign in with a key.";

    /// <summary>Sends the browser to the provider.</summary>
    public async Task StartAsync(HttpContext context)
    {
        SessionEndpoints.RequireOrigin(address, context.Request);
        try
        {
            await context.ChallengeAsync(Schemes.Oidc, new AuthenticationProperties { RedirectUri = ConsoleFiles.Address });
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or HttpRequestException && DatabaseFailure.In(failure) is null)
        {
            Log.Failed(logger, failure.GetType().Name, failure.Message);
            Return(context, Away);
        }
    }

    /// <summary>Counts a return from the provider as a failure, until it is a success.</summary>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.RateLimited"/>: too many failures from the address.</exception>
    public Task CountAsync(HttpContext context) =>
        failures.Charge(ClientAddress.Of(context)) is { } wait ? throw FailedAuthentications.ToRefusal(wait) : Task.CompletedTask;

    /// <summary>Begins the session of a person whom the provider knows, if the person has rights.</summary>
    public async Task FinishAsync(HttpContext context, ClaimsPrincipal principal)
    {
        failures.GiveBack(ClientAddress.Of(context));
        try
        {
            var origin = SessionEndpoints.RequireOrigin(address, context.Request);
            var person = new SignedInPerson(Required(principal, "iss"), Required(principal, "sub"), principal.FindFirst("name")?.Value, rights.Of(principal));
            ConsoleSession.RequireRights(person.Scopes);
            var caller = await callers.FindBySubjectAsync(person.Issuer, person.Subject, person.Name, default, person.Scopes, context.RequestAborted)
                ?? throw new AiGatewayException(ErrorCode.PermissionDenied, "Your user is disabled. Ask an administrator.");
            cookie.Begin(context, origin, person);
            Log.SignedIn(logger, caller.UserId, ClientAddress.Of(context));
            Return(context, null);
        }
        catch (AiGatewayException refusal) when (refusal.Code is ErrorCode.PermissionDenied or ErrorCode.Unauthenticated)
        {
            Return(context, refusal.Message);
        }
    }

    /// <summary>Tells why the library gave up.</summary>
    public void Fail(HttpContext context, Exception? failure)
    {
        if (failure is AiGatewayException refusal) throw refusal;
        if (DatabaseFailure.In(failure) is not null) throw new LedgerUnavailableException(failure!);
        if (context.Request.Query["error"] == "access_denied") Return(context, Refused);
        else if (failure is AuthenticationFailureException { InnerException: null }) Return(context, Lost);
        else
        {
            Log.Failed(logger, failure?.GetType().Name ?? "none", failure?.Message ?? "");
            Return(context, Failed);
        }
    }

    private void Return(HttpContext context, string? reason)
    {
        if (reason is not null) errors.Keep(context, reason);
        context.Response.Redirect(ConsoleFiles.Address);
    }

    private static string Required(ClaimsPrincipal principal, string claim) => principal.FindFirst(claim)?.Value
        ?? throw new AiGatewayException(ErrorCode.PermissionDenied, $"Your organisation's sign-in sent no claim {claim}. Ask the operator.");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Console: user {UserId} signed in by the OpenID provider from {Address}")]
        public static partial void SignedIn(ILogger logger, Guid userId, System.Net.IPAddress address);

        [LoggerMessage(2, LogLevel.Warning, "Console: a sign-in by the OpenID provider failed: {Kind}: {Problem}")]
        public static partial void Failed(ILogger logger, string kind, string problem);
    }
}
