using AiGateway.Application.Providers;
using AiGateway.Application.Switches;
using AiGateway.Domain;

namespace AiGateway.Application.Routing;

/// <summary>One model at one provider that may answer a request.</summary>
internal readonly record struct Candidate(IModelAdapter Adapter, PricedModel Model, int Weight);

/// <summary>Finds the providers that serve a model name, in groups: of a route as the operator wrote it, else one each.</summary>
internal sealed class Candidates(ProviderSet providers, RoutingPolicy policy, SwitchBoard switches)
{
    private const int MostSuccessions = 10;

    /// <summary>The groups of the model name; none is empty.</summary>
    /// <param name="model">The name: of a route, or of a priced model.</param>
    /// <param name="provider">The only provider to use; null: any.</param>
    /// <param name="day">The UTC day.</param>
    /// <exception cref="AiGatewayException">
    /// <see cref="ErrorCode.ModelNotPriced"/> for a model without a price, <see cref="ErrorCode.ModelNotFound"/> for one
    /// that is retired or that the named provider does not serve.
    /// </exception>
    public IReadOnlyList<IReadOnlyList<Candidate>> Of(string model, string? provider, DateOnly day)
    {
        if (provider is not null) RequireConfigured(provider);
        var groups = providers.Routes.TryGetValue(model, out var route) ? OfRoute(route, provider, day) : OfModel(model, provider, day);
        return groups.Count > 0 ? groups : throw Explain(model, provider, day);
    }

    /// <exception cref="AiGatewayException"><see cref="ErrorCode.ModelNotFound"/>: it is not configured.</exception>
    public void RequireConfigured(string provider)
    {
        if (providers.Find(provider) is null) throw NotFound($"The provider {provider} is not configured.");
    }

    /// <summary>The model itself, or the first successor that is not retired on this day.</summary>
    public string ResolveActive(string model, DateOnly day)
    {
        var living = model;
        for (var hops = 0; hops < MostSuccessions && Find(living) is { Successor: { } successor } priced && priced.IsRetiredOn(day); hops++)
            living = successor;
        return living;
    }

    private static List<IReadOnlyList<Candidate>> Grouped(IEnumerable<IEnumerable<Candidate>> groups) =>
        [.. groups.Select(group => (IReadOnlyList<Candidate>)[.. group]).Where(group => group.Count > 0)];

    private List<IReadOnlyList<Candidate>> OfRoute(ModelRoute route, string? provider, DateOnly day) => Grouped(
        from targets in route.Groups
        select from target in targets.Targets
               where provider is null || target.Provider == provider
               let adapter = providers.Find(target.Provider)
               let model = adapter?.FindModel(target.Model)
               where model is not null && !model.IsRetiredOn(day) && !switches.IsOff(target.Provider, target.Model)
               select new Candidate(adapter, model, target.Weight));

    private List<IReadOnlyList<Candidate>> OfModel(string model, string? provider, DateOnly day)
    {
        var groups = new List<IReadOnlyList<Candidate>>(1);
        foreach (var adapter in providers.Adapters)
        {
            if (provider is not null && adapter.Name != provider) continue;
            if (adapter.FindModel(model) is not { } priced || priced.IsRetiredOn(day) || switches.IsOff(adapter.Name, model)) continue;
            groups.Add([new Candidate(adapter, priced, Weight: 1)]);
            if (!policy.FallBack) break;
        }

        return groups;
    }

    private AiGatewayException Explain(string model, string? provider, DateOnly day)
    {
        var serving = providers.Adapters.Where(adapter => provider is null || adapter.Name == provider);
        if (serving.Select(adapter => adapter.FindModel(model)).FirstOrDefault(priced => priced?.IsRetiredOn(day) == true) is { } retired)
        {
            var instead = retired.Successor is { } successor ? $" Use {ResolveActive(successor, day)} instead." : "";
            return NotFound($"The model {model} was retired on {retired.RetiredOn:yyyy-MM-dd}.{instead}");
        }

        if (serving.Any(adapter => adapter.FindModel(model) is not null && switches.IsOff(adapter.Name, model)))
            return NotFound($"The model {model} is switched off. Use another model, or ask the operator.");
        if (providers.Routes.ContainsKey(model))
            return NotFound(provider is null ? $"No target of the route {model} is available." : $"The provider {provider} does not serve the model {model}.");
        return provider is not null && Find(model) is not null
            ? NotFound($"The provider {provider} does not serve the model {model}.")
            : new AiGatewayException(ErrorCode.ModelNotPriced, $"No price is configured for the model {model}. Use another model, or ask the operator to add a price.");
    }

    private PricedModel? Find(string model)
    {
        foreach (var adapter in providers.Adapters)
        {
            if (adapter.FindModel(model) is { } priced) return priced;
        }

        return null;
    }

    private static AiGatewayException NotFound(string message) => new(ErrorCode.ModelNotFound, message);
}
