using AiGateway.Application.Providers;
using AiGateway.Application.Routing;

namespace AiGateway.Api.Contracts.Operators;

/// <summary>The routes.</summary>
/// <param name="Items">The routes, by name.</param>
public sealed record RouteListResponse(IReadOnlyList<RouteResponse> Items);

/// <summary>A model name that callers use, and where its requests go.</summary>
/// <param name="Name">The name.</param>
/// <param name="Configured">Whether the operator wrote the route; else each provider that prices the model is a group.</param>
/// <param name="FallbackOn">Refusals after which the next target is tried: <c>context</c>, <c>content</c>.</param>
/// <param name="Groups">Groups of targets, in the order in which they are tried.</param>
public sealed record RouteResponse(string Name, bool Configured, IReadOnlyList<string> FallbackOn, IReadOnlyList<TargetGroupResponse> Groups)
{
    internal static RouteResponse Of(RouteState route) => new(
        route.Name,
        route.IsConfigured,
        [.. Enum.GetValues<FallbackReasons>().Where(reason => reason != FallbackReasons.None && route.FallbackOn.HasFlag(reason)).Select(WireName.Of)],
        [.. route.Groups.Select(group => new TargetGroupResponse([.. group.Select(TargetResponse.Of)]))]);
}

/// <summary>Targets that share requests by their weights.</summary>
/// <param name="Targets">The targets.</param>
public sealed record TargetGroupResponse(IReadOnlyList<TargetResponse> Targets);

/// <summary>One model at one provider.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Model">The model's name at the gateway.</param>
/// <param name="Weight">Its share of the group, relative to the others.</param>
/// <param name="Eligible">Whether it has its place in the order now.</param>
/// <param name="Reason">
/// Why not: <c>not_configured</c>, <c>not_served</c>, <c>retired</c>, <c>switched_off</c> (it gets no requests);
/// <c>account_exhausted</c>, <c>cooling_down</c>, <c>provider_down</c> (it is tried after the others). Null: it is eligible.
/// </param>
/// <param name="Until">When the reason ends; null: not by itself, or at an unknown time.</param>
public sealed record TargetResponse(string Provider, string Model, int Weight, bool Eligible, string? Reason, DateTimeOffset? Until)
{
    internal static TargetResponse Of(TargetState target) => new(
        target.Provider,
        target.Model,
        target.Weight,
        target.Hindrance is null,
        target.Hindrance is { } hindrance ? WireName.Of(hindrance) : null,
        target.Until);
}
