using AiGateway.Application;
using AiGateway.Domain;
using Microsoft.AspNetCore.Authorization;

namespace AiGateway.Api.Auth;

/// <summary>Requires a caller with a scope.</summary>
/// <param name="scope">The scope.</param>
internal sealed class ScopeRequirement(string scope) : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
{
    /// <summary>Whether the caller has the scope.</summary>
    public bool IsMetBy(Caller caller) => Scopes.Give(caller.Scopes, scope);

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        // Each instance is asked for all requirements of its type.
        if (context.User.Identity is CallerIdentity identity && requirement.IsMetBy(identity.Caller)) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
