using System.Security.Claims;
using AiGateway.Domain;
using Microsoft.AspNetCore.Authentication;

namespace AiGateway.Api.Auth;

/// <summary>
/// Why a valid token, key or session has no caller. Anonymous endpoints ignore it; all others answer with this failure.
/// </summary>
internal sealed record RefusedCaller(AiGatewayException Failure)
{
    /// <summary>Authenticated, but not a caller of the gateway: no policy admits it.</summary>
    public static ClaimsPrincipal PrincipalOf(string scheme) => new(new ClaimsIdentity(scheme));

    /// <summary>The result of an authentication that is refused for this reason.</summary>
    public static AuthenticateResult Refuse(HttpContext context, AiGatewayException failure, string scheme)
    {
        context.Features.Set(new RefusedCaller(failure));
        return AuthenticateResult.Success(new AuthenticationTicket(PrincipalOf(scheme), scheme));
    }
}
