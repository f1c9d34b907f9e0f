using System.Security.Claims;
using AiGateway.Domain;

namespace AiGateway.Api.Auth;

/// <summary>
/// Why a valid token or key has no caller. Anonymous endpoints ignore it; all others answer with this failure.
/// </summary>
internal sealed record RefusedCaller(AiGatewayException Failure)
{
    /// <summary>Authenticated, but not a caller of the gateway: no policy admits it.</summary>
    public static ClaimsPrincipal PrincipalOf(string scheme) => new(new ClaimsIdentity(scheme));
}
