using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.Routing;

/// <summary>The decision of the gateway for a request: the targets in order and their maximum cost.</summary>
/// <param name="RequestedModel">The model that the caller named, or that was chosen.</param>
/// <param name="Targets">The targets to try, in order; at least one.</param>
/// <param name="Attempts">The attempts of the request.</param>
internal sealed record RoutePlan(string RequestedModel, IReadOnlyList<Target> Targets, RequestAttempts Attempts)
{
    /// <summary>Refusals after which the next target is tried.</summary>
    public FallbackReasons FallbackOn { get; init; }

    /// <summary>The target tried first.</summary>
    public Target First => Targets[0];

    /// <summary>Whether the next target may answer what this one did not.</summary>
    public bool MayGoOnAfter(ProviderException failure) => failure.WorthAnotherProvider || (FallbackOn & ReasonOf(failure)) != 0;

    /// <summary>The most expensive target: its hold is enough for every other target.</summary>
    public CostEstimate WorstCase()
    {
        var worst = First.Call.Worst;
        for (var i = 1; i < Targets.Count; i++)
        {
            if (Targets[i].Call.Worst.MaxCostNanoUsd > worst.MaxCostNanoUsd) worst = Targets[i].Call.Worst;
        }

        return worst;
    }

    /// <summary>Removes the targets whose model is too small for the prompt.</summary>
    /// <exception cref="ContextLengthExceededException">The prompt fits no target.</exception>
    public static void KeepFitting(List<Target> targets)
    {
        if (targets.TrueForAll(static target => !target.Call.Worst.Fits)) throw TooLong(targets[0].Call);
        targets.RemoveAll(static target => !target.Call.Worst.Fits);
    }

    private static FallbackReasons ReasonOf(ProviderException refusal) => refusal.ProviderErrorCode switch
    {
        "context_length_exceeded" => FallbackReasons.Context,
        "content_filter" or "content_policy_violation" => FallbackReasons.Content,
        _ => FallbackReasons.None,
    };

    private static ContextLengthExceededException TooLong(ModelCall call) =>
        new(call.Model.Model, call.Model.Capabilities.ContextWindow, call.Request switch
        {
            { Operation: not ModelOperation.Chat } => "input",
            { Wire: null, Prompt: not null } => "prompt",
            _ => "messages",
        });
}

/// <summary>One provider and the call that it would get.</summary>
internal sealed record Target(IModelAdapter Adapter, ModelCall Call);
