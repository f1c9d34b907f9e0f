using System.Security.Claims;
using AiGateway.Domain;

namespace AiGateway.Api.Auth;

/// <summary>Why a valid token has no caller. Anonymous endpoints ignore it; all others answer with this failure.</summary>
internal sealed record RefusedToken(AiGatewayException Failure)
{
    /// <summary>Authenticated, but not a caller of the gateway: no policy admits it.</summary>
    public static readonly ClaimsPrincipal Principal = new(new ClaimsIdentity(Schemes.Jwt));
}
