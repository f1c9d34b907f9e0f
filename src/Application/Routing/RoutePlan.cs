using AiGateway.Application.Ledger;
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

    /// <summary>The output limits to choose from by the capacity left; null: the plan's own limits.</summary>
    public OutputChoice? Choice { get; init; }

    /// <summary>The largest output limit of one choice whose maximum cost at every target is within so many nano-dollars.</summary>
    public HeldOutput Within(long nanoUsd)
    {
        var most = Targets.Max(static target => target.Call.MaxCompletionTokens);
        var fitting = At(most);
        if (fitting.NanoUsd <= nanoUsd) return fitting;
        if (At(1).NanoUsd > nanoUsd) return default;
        var (fits, tooMuch) = (1L, most);
        while (tooMuch - fits > 1)
        {
            var middle = fits + ((tooMuch - fits) / 2);
            if (At(middle).NanoUsd <= nanoUsd) fits = middle;
            else tooMuch = middle;
        }

        return At(fits);
    }

    /// <summary>The most expensive target with at most this output limit.</summary>
    public HeldOutput At(long limit)
    {
        var worst = First.CallAt(limit).Worst;
        for (var i = 1; i < Targets.Count; i++)
        {
            var each = Targets[i].CallAt(limit).Worst;
            if (each.MaxCostNanoUsd > worst.MaxCostNanoUsd) worst = each;
        }

        return new HeldOutput(limit, worst.MaxCompletionTokens, worst.MaxCostNanoUsd);
    }

    /// <summary>The same plan with at most this output limit at each target.</summary>
    public RoutePlan LimitedTo(long limit) => this with { Targets = [.. Targets.Select(target => target with { Call = target.CallAt(limit) })] };

    /// <summary>A refusal for its cost, with the output limit that would fit.</summary>
    public QuotaRefusal Explain(QuotaRefusal refusal) => refusal.Limit == QuotaLimit.MonthlySpend && First.Call.MaxCompletionTokens > 0
        ? refusal with { FittingOutputLimit = Within(refusal.LeftAmount).Limit }
        : refusal;

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
internal readonly record struct Target(IModelAdapter Adapter, ModelCall Call)
{
    /// <summary>The call with at most this output limit.</summary>
    public ModelCall CallAt(long limit) => Call.WithOutputLimit(Math.Min(limit, Call.MaxCompletionTokens));
}
