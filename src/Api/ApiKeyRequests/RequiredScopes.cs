using AiGateway.Api.Auth;
using AiGateway.Application;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;

namespace AiGateway.Api.ApiKeyRequests;

/// <summary>
/// What an endpoint requires of its caller, where that is nothing but scopes. Metadata of the endpoint: its policies are
/// combined once instead of at every request.
/// </summary>
internal sealed class RequiredScopes
{
    private readonly ScopeRequirement[] _scopes;

    private RequiredScopes(ScopeRequirement[] scopes) => _scopes = scopes;

    /// <summary>Whether the caller has all of them.</summary>
    public bool AreMetBy(Caller caller)
    {
        foreach (var scope in _scopes)
        {
            if (!scope.IsMetBy(caller)) return false;
        }

        return true;
    }

    /// <summary>Adds them to endpoints. An endpoint that is anonymous, or has another requirement, gets none.</summary>
    public static void AddTo(IEndpointConventionBuilder endpoints, IAuthorizationPolicyProvider policies) => endpoints.Finally(endpoint =>
    {
        if (Of(endpoint.Metadata, policies) is { } scopes) endpoint.Metadata.Add(scopes);
    });

    private static RequiredScopes? Of(IList<object> metadata, IAuthorizationPolicyProvider policies)
    {
        if (metadata.Any(static each => each is IAllowAnonymous or AuthorizationPolicy or IAuthorizationRequirementData)) return null;
        var policy = AuthorizationPolicy.CombineAsync(policies, metadata.OfType<IAuthorizeData>()).GetAwaiter().GetResult();
        if (policy is not { AuthenticationSchemes.Count: 0 }) return null;
        var scopes = policy.Requirements.OfType<ScopeRequirement>().Distinct().ToArray();
        return policy.Requirements.All(static each => each is ScopeRequirement or DenyAnonymousAuthorizationRequirement)
            ? new RequiredScopes(scopes)
            : null;
    }
}
