using System.Security.Claims;
using AiGateway.Application;
using Microsoft.AspNetCore.Authentication;

namespace AiGateway.Api.Auth;

/// <summary>An authenticated identity that carries the gateway's own caller.</summary>
internal sealed class CallerIdentity(Caller caller, string scheme) : ClaimsIdentity(scheme)
{
    public Caller Caller { get; } = caller;

    public override string Name => Caller.UserName;

    public static ClaimsPrincipal PrincipalOf(Caller caller, string scheme) => new Principal(new CallerIdentity(caller, scheme));

    public static AuthenticateResult Success(Caller caller, string scheme) =>
        AuthenticateResult.Success(new AuthenticationTicket(PrincipalOf(caller, scheme), scheme));

    /// <summary>Returns the only identity. The base class would search for it at every call.</summary>
    private sealed class Principal(CallerIdentity identity) : ClaimsPrincipal(identity)
    {
        public override CallerIdentity Identity => identity;
    }
}
