using AiGateway.Application.Ports;
using AiGateway.Domain;

namespace AiGateway.Application.Generation;

/// <summary>The providers to try for a request, in order.</summary>
/// <param name="ModelAsked">The model named by the caller, or chosen for them.</param>
/// <param name="Routes">At least one.</param>
internal sealed record RoutePlan(string ModelAsked, IReadOnlyList<Route> Routes)
{
    /// <summary>The route tried first.</summary>
    public Route First => Routes[0];

    /// <summary>The most expensive of the routes that the prompt fits: a hold of it covers whichever answers.</summary>
    /// <exception cref="ContextLengthExceededException">The prompt fits none of them.</exception>
    public CostEstimate WorstCase()
    {
        CostEstimate? worst = null;
        for (var i = 0; i < Routes.Count; i++)
        {
            var next = Routes[i].Adapter.EstimateCost(Routes[i].Call);
            if (next.Fits && (worst is null || next.MaxCostNanoUsd > worst.MaxCostNanoUsd)) worst = next;
        }

        return worst ?? throw TooLong(First.Call);
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
