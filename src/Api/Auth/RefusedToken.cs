using System.Security.Claims;
using AiGateway.Domain;

namespace AiGateway.Api.Auth;

/// <summary>Why a valid token has no caller. Endpoints that need none are not concerned; all others answer with this failure.</summary>
internal sealed record RefusedToken(AiGatewayException Failure)
{
    /// <summary>Authenticated, but nobody the gateway knows: no policy lets it in.</summary>
    public static readonly ClaimsPrincipal Principal = new(new ClaimsIdentity(Schemes.Jwt));
}
