using System.Text.Encodings.Web;
using AiGateway.Application.Ports;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.Auth;

/// <summary>Takes an API key from <c>Authorization: Bearer</c> or <c>X-Api-Key</c>.</summary>
internal sealed class ApiKeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ICallerDirectory callers)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Credentials.Read(Request) is not { } secret) return AuthenticateResult.NoResult();
        var caller = await callers.FindByKeyAsync(secret, Context.RequestAborted);
        return caller is null
            ? AuthenticateResult.Fail("The API key is unknown, revoked or expired, or its user is disabled.")
            : CallerIdentity.Success(caller, Scheme.Name);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer realm=\"AiGateway\"";
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
