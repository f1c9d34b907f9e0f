using AiGateway.Application.Ports;

namespace AiGateway.Application.Generation;

/// <summary>The providers to try for a request, in order.</summary>
/// <param name="ModelAsked">The model named by the caller, or chosen for them.</param>
/// <param name="Routes">At least one.</param>
internal sealed record RoutePlan(string ModelAsked, IReadOnlyList<Route> Routes)
{
    /// <summary>The route tried first.</summary>
    public Route First => Routes[0];

    /// <summary>The dearest of the routes: a hold of it covers whichever answers.</summary>
    public CostEstimate WorstCase()
    {
        var worst = First.Adapter.EstimateCost(First.Call);
        for (var i = 1; i < Routes.Count; i++)
        {
            var next = Routes[i].Adapter.EstimateCost(Routes[i].Call);
            if (next.MaxCostNanoUsd > worst.MaxCostNanoUsd) worst = next;
        }

        return worst;
    }
}

/// <summary>One provider and the call it would get.</summary>
internal sealed record Route(IModelAdapter Adapter, ModelCall Call);
