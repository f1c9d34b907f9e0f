using AiGateway.Application.Health;
using AiGateway.Application.Providers;
using AiGateway.Application.Switches;
using MediatR;

namespace AiGateway.Application.Routing;

/// <summary>The routes as this gateway would use them now.</summary>
/// <param name="Model">Only this model name, of a route or of a priced model; null: all routes.</param>
public sealed record ListRoutes(string? Model) : IRequest<IReadOnlyList<RouteState>>;

/// <summary>A model name that callers use, and where its requests go.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsConfigured">Whether the operator wrote the route; else each provider that prices the model is a group.</param>
/// <param name="FallbackOn">Refusals after which the next target is tried.</param>
/// <param name="Groups">Groups of targets, in the order in which they are tried.</param>
public sealed record RouteState(string Name, bool IsConfigured, FallbackReasons FallbackOn, IReadOnlyList<IReadOnlyList<TargetState>> Groups);

/// <summary>A target of a route.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Model">The model's name at the gateway.</param>
/// <param name="Weight">Its share of the group.</param>
/// <param name="Hindrance">What keeps it from its place in the order; null: nothing.</param>
/// <param name="Until">When that ends; null: it does not end by itself, or the time is unknown.</param>
public sealed record TargetState(string Provider, string Model, int Weight, TargetHindrance? Hindrance, DateTimeOffset? Until);

/// <summary>What keeps a target from its place in the order.</summary>
public enum TargetHindrance
{
    /// <summary>The provider is not configured. The target gets no requests.</summary>
    NotConfigured,

    /// <summary>The provider has no price for the model, or does not serve it. The target gets no requests.</summary>
    NotServed,

    /// <summary>The provider has retired the model. The target gets no requests.</summary>
    Retired,

    /// <summary>An administrator switched it off. The target gets no requests.</summary>
    SwitchedOff,

    /// <summary>The gateway's account at the provider is used up. The target is tried after the others.</summary>
    AccountExhausted,

    /// <summary>The target failed and cools down. It is tried after the others.</summary>
    CoolingDown,

    /// <summary>The last check found the provider down. The target is tried after the others.</summary>
    ProviderDown,
}

internal sealed class ListRoutesHandler(
    IProviderDirectory providers, SwitchBoard switches, ProviderHealthBoard health, TimeProvider time)
    : IRequestHandler<ListRoutes, IReadOnlyList<RouteState>>
{
    public Task<IReadOnlyList<RouteState>> Handle(ListRoutes query, CancellationToken cancellationToken)
    {
        var set = providers.Current;
        var routes = query.Model is null
            ? set.Routes.Values.OrderBy(route => route.Model, StringComparer.Ordinal)
            : set.Routes.Values.Where(route => route.Model == query.Model);
        List<RouteState> states = [.. routes.Select(route => ToState(set, route, isConfigured: true))];
        if (query.Model is { } model && states.Count == 0 && OfModel(set, model) is { Groups.Count: > 0 } plain)
            states.Add(ToState(set, plain, isConfigured: false));
        return Task.FromResult<IReadOnlyList<RouteState>>(states);
    }

    private static ModelRoute OfModel(ProviderSet set, string model) => new(
        model, [.. from adapter in set.Adapters where adapter.FindModel(model) is not null select new TargetGroup([new RouteTarget(adapter.Name, model)])]);

    private RouteState ToState(ProviderSet set, ModelRoute route, bool isConfigured) => new(
        route.Model, isConfigured, route.FallbackOn, [.. route.Groups.Select(group => (IReadOnlyList<TargetState>)[.. group.Targets.Select(target => ToState(set, target))])]);

    private TargetState ToState(ProviderSet set, RouteTarget target)
    {
        var (hindrance, until) = Find(set.Find(target.Provider), target);
        return new TargetState(target.Provider, target.Model, target.Weight, hindrance, until);
    }

    // In the order in which the router decides. It asks for no attempt, which the router's own question about a cooldown does.
    private (TargetHindrance? Hindrance, DateTimeOffset? Until) Find(IModelAdapter? adapter, RouteTarget target)
    {
        if (adapter is null) return (TargetHindrance.NotConfigured, null);
        if (adapter.FindModel(target.Model) is not { } model) return (TargetHindrance.NotServed, null);
        if (model.IsRetiredOn(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime))) return (TargetHindrance.Retired, null);
        if (switches.IsOff(target.Provider, target.Model)) return (TargetHindrance.SwitchedOff, null);
        if (adapter.CheckQuota() is { HasCapacity: false } account) return (TargetHindrance.AccountExhausted, account.RetryAt);
        if (adapter.Cooling().FirstOrDefault(each => each.Model == target.Model) is { } cooling) return (TargetHindrance.CoolingDown, cooling.Until);
        return health.DownUntil(target.Provider) is { } until ? (TargetHindrance.ProviderDown, until) : (null, null);
    }
}
