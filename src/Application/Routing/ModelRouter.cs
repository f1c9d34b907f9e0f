using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Application.Routing;

/// <summary>
/// Chooses model and providers for a request. The quota behavior calls it once and stores the plan on the command.
/// </summary>
internal sealed class ModelRouter(IEnumerable<IModelAdapter> adapters, RoutingPolicy policy, GatewayDefaults defaults, TimeProvider time)
{
    private readonly IModelAdapter[] _adapters = [.. adapters.OrderBy(adapter => Rank(policy, adapter.Name))];

    /// <summary>The providers to try, in order.</summary>
    public IReadOnlyList<IModelAdapter> Adapters => _adapters;

    /// <exception cref="AiGatewayException">
    /// <see cref="ErrorCode.ModelNotPriced"/> for a model without a price, <see cref="ErrorCode.ModelNotFound"/> for one
    /// that is retired or that the named provider does not serve.
    /// </exception>
    public RoutePlan Plan(ModelRequest request)
    {
        var day = DateOnly.FromDateTime(request.ReceivedAt.UtcDateTime);
        var isNamed = request.Model is not null;
        var asked = request.Model ?? request.PreferredModel ?? defaults.Model;
        var provider = request.Provider ?? (isNamed ? null : request.PreferredProvider);
        if (provider is not null) RequireConfigured(provider);
        var attempts = new RequestAttempts(time, defaults.UnknownOutcome);
        var routes = new List<Route>(1);
        foreach (var (adapter, model) in Serving(isNamed ? asked : ResolveActive(asked, day), provider, day))
        {
            if (adapter.Supports(request.Operation) && CanDo(model.Capabilities, request.Operation))
                routes.Add(ToRoute(adapter, request, model, attempts));
        }

        if (routes.Count == 0) throw new InvalidRequestException("model", $"the model {asked} does not support this kind of request");
        ProviderToolPrices.Require(request, routes[0].Call.Model);
        RoutePlan.KeepFitting(routes);
        return new RoutePlan(asked, PutExhaustedLast(routes), attempts);
    }

    /// <summary>Refuses a model or provider that no request could use on this day, as <see cref="Plan"/> would.</summary>
    public void RequireServed(string? model, string? provider, DateOnly day)
    {
        if (provider is not null) RequireConfigured(provider);
        if (model is not null) Serving(model, provider, day);
    }

    /// <summary>The model itself, or the first successor that is not retired on this day.</summary>
    public string ResolveActive(string model, DateOnly day)
    {
        var living = model;
        for (var hops = 0; hops < 10 && Find(living) is { Successor: { } successor } priced && priced.IsRetiredOn(day); hops++)
            living = successor;
        return living;
    }

    private List<(IModelAdapter Adapter, PricedModel Model)> Serving(string model, string? provider, DateOnly day)
    {
        var serving = new List<(IModelAdapter, PricedModel)>(_adapters.Length);
        PricedModel? retired = null;
        foreach (var adapter in _adapters)
        {
            if (provider is not null && adapter.Name != provider) continue;
            if (adapter.FindModel(model) is not { } priced) continue;
            if (priced.IsRetiredOn(day)) retired ??= priced;
            else serving.Add((adapter, priced));
        }

        if (serving.Count == 0) throw ExplainNoRoute(model, provider, retired, day);
        if (!policy.FallBack) serving.RemoveRange(1, serving.Count - 1);
        return serving;
    }

    private void RequireConfigured(string provider)
    {
        if (!Array.Exists(_adapters, adapter => adapter.Name == provider))
            throw NotFound($"The provider {provider} is not configured.");
    }

    private Route ToRoute(IModelAdapter adapter, ModelRequest request, PricedModel priced, RequestAttempts attempts)
    {
        var day = DateOnly.FromDateTime(request.ReceivedAt.UtcDateTime);
        var limit = Math.Min(request.Options.MaxTokens ?? defaults.MaxTokens, priced.Capabilities.MaxOutputTokens);
        var call = new ModelCall(request, priced, priced.PriceOn(day), limit) { Attempts = attempts };
        return new Route(adapter, call with { Worst = adapter.EstimateCost(call) });
    }

    private static bool CanDo(ModelCapabilities model, ModelOperation operation) => operation switch
    {
        ModelOperation.Embeddings => model.Embeddings,
        ModelOperation.Chat => model.Chat,
        _ => model.Chat,
    };

    private static List<Route> PutExhaustedLast(List<Route> routes) =>
        routes.Count == 1 ? routes : [.. routes.OrderBy(route => route.Adapter.CheckQuota().HasCapacity ? 0 : 1)];

    private AiGatewayException ExplainNoRoute(string model, string? provider, PricedModel? retired, DateOnly day)
    {
        if (retired is not null)
        {
            var instead = retired.Successor is { } successor ? $" Use {ResolveActive(successor, day)} instead." : "";
            return NotFound($"The model {model} was retired on {retired.RetiredOn:yyyy-MM-dd}.{instead}");
        }

        return provider is not null && Find(model) is not null
            ? NotFound($"The provider {provider} does not serve the model {model}.")
            : new AiGatewayException(ErrorCode.ModelNotPriced, $"No price is configured for the model {model}. Use another model, or ask the operator to add a price.");
    }

    private PricedModel? Find(string model)
    {
        foreach (var adapter in _adapters)
        {
            if (adapter.FindModel(model) is { } priced) return priced;
        }

        return null;
    }

    private static AiGatewayException NotFound(string message) => new(ErrorCode.ModelNotFound, message);

    private static int Rank(RoutingPolicy policy, string name)
    {
        for (var i = 0; i < policy.Order.Count; i++)
        {
            if (policy.Order[i] == name) return i;
        }

        return int.MaxValue;
    }
}

/// <summary>The operator's choice of providers.</summary>
/// <param name="Order">
/// Provider names in the order in which they are tried; other providers come after, in order of registration.
/// </param>
/// <param name="FallBack">Whether the next provider that serves the model is tried when one fails.</param>
public sealed record RoutingPolicy(IReadOnlyList<string> Order, bool FallBack = true);
