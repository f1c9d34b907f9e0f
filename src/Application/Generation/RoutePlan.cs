using AiGateway.Application.Ports;

namespace AiGateway.Application.Generation;

/// <summary>What the gateway decided for a request, once: the targets in order, and what they can cost.</summary>
/// <param name="ModelAsked">The model named by the caller, or chosen for them.</param>
/// <param name="Routes">The providers to try, in order; at least one.</param>
/// <param name="Attempts">The attempts that are made.</param>
internal sealed record RoutePlan(string ModelAsked, IReadOnlyList<Route> Routes, RequestAttempts Attempts)
{
    /// <summary>The route tried first.</summary>
    public Route First => Routes[0];

    /// <summary>The most expensive of the routes: a hold of it covers whichever answers.</summary>
    public CostEstimate WorstCase()
    {
        var worst = First.Call.Worst;
        for (var i = 1; i < Routes.Count; i++)
        {
            if (Routes[i].Call.Worst.MaxCostNanoUsd > worst.MaxCostNanoUsd) worst = Routes[i].Call.Worst;
        }

        return worst;
    }
}

/// <summary>One provider and the call it would get.</summary>
internal sealed record Route(IModelAdapter Adapter, ModelCall Call);
