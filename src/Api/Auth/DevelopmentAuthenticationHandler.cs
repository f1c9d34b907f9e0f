using System.Text.Encodings.Web;
using AiGateway.Application.Users;
using AiGateway.Domain;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AiGateway.Api.Auth;

/// <summary>Authenticates every request as one user. Settings forbid it outside Development.</summary>
internal sealed class DevelopmentAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ICallerDirectory callers)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        try
        {
            var caller = await callers.FindBySubjectAsync("development", "anyone", "Anyone", default, Scopes.All, Context.RequestAborted);
            return caller is null ? AuthenticateResult.Fail("The development user is disabled.") : CallerIdentity.Success(caller, Scheme.Name);
        }
        catch (AiGatewayException failure) when (failure.Code == ErrorCode.Unauthenticated)
        {
            return AuthenticateResult.Fail(failure);
        }
    }
}
