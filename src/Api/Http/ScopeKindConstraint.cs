using System.Collections.Frozen;
using AiGateway.Domain;

namespace AiGateway.Api.Http;

/// <summary>The scopes with budgets, as paths name them.</summary>
internal sealed class ScopeKindConstraint : IRouteConstraint
{
    /// <summary>The name of the route constraint.</summary>
    public const string Name = "scopeKind";

    private static readonly FrozenDictionary<string, ScopeKind> ByName = new Dictionary<string, ScopeKind>(StringComparer.Ordinal)
    {
        ["organisations"] = ScopeKind.Organisation,
        ["teams"] = ScopeKind.Team,
        ["projects"] = ScopeKind.Project,
        ["users"] = ScopeKind.User,
        ["keys"] = ScopeKind.Key,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The kind of a name that the route let pass.</summary>
    public static ScopeKind Of(string name) => ByName[name];

    public bool Match(
        HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values.TryGetValue(routeKey, out var value) && value is string name && ByName.ContainsKey(name);
}
