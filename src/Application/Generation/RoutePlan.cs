using AiGateway.Application.Ports;
using AiGateway.Domain;

namespace AiGateway.Application.Generation;

/// <summary>What the gateway decided for a request, once: the targets in order, and what they can cost.</summary>
/// <param name="RequestedModel">The model named by the caller, or chosen for them.</param>
/// <param name="Routes">The providers to try, in order; at least one.</param>
/// <param name="Attempts">The attempts that are made.</param>
internal sealed record RoutePlan(string RequestedModel, IReadOnlyList<Route> Routes, RequestAttempts Attempts)
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

    /// <summary>Leaves out the routes whose model the prompt does not fit.</summary>
    /// <exception cref="ContextLengthExceededException">It fits none of them.</exception>
    public static void KeepFitting(List<Route> routes)
    {
        if (routes.TrueForAll(static route => !route.Call.Worst.Fits)) throw TooLong(routes[0].Call);
        routes.RemoveAll(static route => !route.Call.Worst.Fits);
    }

    private static ContextLengthExceededException TooLong(ModelCall call) =>
        new(call.Model.Model, call.Model.Capabilities.ContextWindow, call.Request switch
        {
            { Operation: not ModelOperation.Chat } => "input",
            { Wire: null, Prompt: not null } => "prompt",
            _ => "messages",
        });
}

/// <summary>One provider and the call it would get.</summary>
internal sealed record Route(IModelAdapter Adapter, ModelCall Call);
