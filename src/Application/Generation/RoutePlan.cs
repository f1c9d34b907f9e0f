using AiGateway.Application.Ports;
using AiGateway.Domain;

namespace AiGateway.Application.Generation;

/// <summary>The decision of the gateway for a request: the targets in order and their maximum cost.</summary>
/// <param name="RequestedModel">The model that the caller named, or that was chosen.</param>
/// <param name="Routes">The providers to try, in order; at least one.</param>
/// <param name="Attempts">The attempts of the request.</param>
internal sealed record RoutePlan(string RequestedModel, IReadOnlyList<Route> Routes, RequestAttempts Attempts)
{
    /// <summary>The route tried first.</summary>
    public Route First => Routes[0];

    /// <summary>The most expensive route: its hold is enough for every other route.</summary>
    public CostEstimate WorstCase()
    {
        var worst = First.Call.Worst;
        for (var i = 1; i < Routes.Count; i++)
        {
            if (Routes[i].Call.Worst.MaxCostNanoUsd > worst.MaxCostNanoUsd) worst = Routes[i].Call.Worst;
        }

        return worst;
    }

    /// <summary>Removes the routes whose model is too small for the prompt.</summary>
    /// <exception cref="ContextLengthExceededException">The prompt fits no route.</exception>
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

/// <summary>One provider and its call.</summary>
internal sealed record Route(IModelAdapter Adapter, ModelCall Call);
