namespace AiGateway.Application.Providers;

/// <summary>A model name of the operator's own, and where its requests go.</summary>
/// <param name="Model">The name that callers use.</param>
/// <param name="Groups">Groups of targets; a group is used when no target of the group before it is left.</param>
public sealed record ModelRoute(string Model, IReadOnlyList<TargetGroup> Groups)
{
    /// <summary>Refusals after which the next target is tried; default: none.</summary>
    public FallbackReasons FallbackOn { get; init; }
}

/// <summary>Targets that share the requests of a route by their weights.</summary>
/// <param name="Targets">The targets; at least one.</param>
public sealed record TargetGroup(IReadOnlyList<RouteTarget> Targets);

/// <summary>One model at one provider.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">The model's name at the gateway, as in the price book.</param>
/// <param name="Weight">Its share of the group's requests, relative to the others; 1 to 1,000,000, default 1.</param>
public sealed record RouteTarget(string Provider, string Model, int Weight = 1);

/// <summary>Refusals of a request that another target may answer. The operator allows them for each route.</summary>
[Flags]
public enum FallbackReasons
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The prompt exceeds the context window of the target.</summary>
    Context = 1,

    /// <summary>The target's content policy refuses the request.</summary>
    Content = 2,
}
