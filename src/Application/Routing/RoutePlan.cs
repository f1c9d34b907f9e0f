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

    /// <summary>The largest output limit of one choice that needs at every target no more than this amount.</summary>
    public HeldOutput Within(HeldAmount amount)
    {
        var most = Targets.Max(static target => target.Call.MaxCompletionTokens);
        var fitting = At(most);
        if (IsWithin(fitting, amount)) return fitting;
        if (!IsWithin(At(1), amount)) return default;
        var (fits, tooMuch) = (1L, most);
        while (tooMuch - fits > 1)
        {
            var middle = fits + ((tooMuch - fits) / 2);
            if (IsWithin(At(middle), amount)) fits = middle;
            else tooMuch = middle;
        }

        return At(fits);
    }

    /// <summary>The most that any target needs with at most this output limit.</summary>
    public HeldOutput At(long limit)
    {
        var worst = First.CallAt(limit).Worst;
        var tokens = TokensOf(worst);
        for (var i = 1; i < Targets.Count; i++)
        {
            var each = Targets[i].CallAt(limit).Worst;
            if (each.MaxCostNanoUsd > worst.MaxCostNanoUsd) worst = each;
            tokens = Math.Max(tokens, TokensOf(each));
        }

        return new HeldOutput(limit, worst.MaxCompletionTokens, new HeldAmount(worst.MaxCostNanoUsd, tokens));
    }

    /// <summary>Most prompt and completion tokens of any target.</summary>
    public long MostTokens()
    {
        var most = 0L;
        foreach (var target in Targets) most = Math.Max(most, TokensOf(target.Call.Worst));
        return most;
    }

    /// <summary>The models of the targets besides the requested one.</summary>
    public IReadOnlyCollection<string> OtherModels()
    {
        List<string>? others = null;
        foreach (var target in Targets)
        {
            var model = target.Call.Model.Model;
            if (model != RequestedModel && others?.Contains(model) != true) (others ??= []).Add(model);
        }

        return others ?? (IReadOnlyCollection<string>)[];
    }

    /// <summary>The same plan with at most this output limit at each target.</summary>
    public RoutePlan LimitedTo(long limit) => this with { Targets = [.. Targets.Select(target => target with { Call = target.CallAt(limit) })] };

    /// <summary>A refusal with the name of its scope, and the output limit that would fit.</summary>
    public QuotaRefusal Explain(QuotaRefusal refusal, Caller caller)
    {
        if (refusal.Scope is { } scope) refusal = refusal with { Scope = scope with { Name = caller.NameOf(scope.Kind, scope.Id) } };
        if (First.Call.MaxCompletionTokens == 0) return refusal;
        return refusal.Limit.Metric switch
        {
            BudgetMetric.Spend => refusal with { FittingOutputLimit = Within(new(refusal.LeftAmount, long.MaxValue)).Limit },
            BudgetMetric.Tokens => refusal with { FittingOutputLimit = Within(new(long.MaxValue, refusal.IsTooLarge ? refusal.LimitAmount : refusal.LeftAmount)).Limit },
            _ => refusal,
        };
    }

    /// <summary>Removes the targets whose model is too small for the prompt.</summary>
    /// <exception cref="ContextLengthExceededException">The prompt fits no target.</exception>
    public static void KeepFitting(List<Target> targets)
    {
        if (targets.TrueForAll(static target => !target.Call.Worst.Fits)) throw TooLong(targets[0].Call);
        targets.RemoveAll(static target => !target.Call.Worst.Fits);
    }

    private static bool IsWithin(HeldOutput output, HeldAmount amount) =>
        output.Amount.NanoUsd <= amount.NanoUsd && output.Amount.Tokens <= amount.Tokens;

    private static long TokensOf(CostEstimate worst) => checked(worst.PromptTokens + worst.MaxCompletionTokens);

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
