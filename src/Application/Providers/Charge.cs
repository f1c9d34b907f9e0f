using AiGateway.Domain;

namespace AiGateway.Application.Providers;

/// <summary>The charge of an attempt, and the source of its token counts.</summary>
/// <param name="Usage">The tokens.</param>
/// <param name="Source">The source of the token counts.</param>
/// <param name="CostNanoUsd">Their cost, in nano-dollars.</param>
public readonly record struct Charge(TokenUsage Usage, UsageSource Source, long CostNanoUsd)
{
    /// <summary>Nothing.</summary>
    public static readonly Charge None;

    /// <summary>The provider reported its usage.</summary>
    /// <param name="call">The call.</param>
    /// <param name="usage">The tokens.</param>
    /// <param name="tier">The tier that it bills.</param>
    /// <param name="endedAt">When the reply ended.</param>
    /// <param name="reportedCostNanoUsd">The cost that it reports, in nano-dollars; null: the price book decides.</param>
    /// <param name="billed">What it says of surcharges.</param>
    public static Charge OfUsage(
        ModelCall call,
        TokenUsage usage,
        ServiceTier tier,
        DateTimeOffset endedAt,
        long? reportedCostNanoUsd = null,
        BilledSurcharges billed = default) =>
        new(usage, UsageSource.Provider, reportedCostNanoUsd ?? call.CostNanoUsd(usage, tier, endedAt, billed));

    /// <summary>The provider did not report the output: the prompt as it reported it, else as held, and the counted output.</summary>
    public static Charge OfCount(ModelCall call, Delivered delivered, ServiceTier tier, DateTimeOffset endedAt)
    {
        var usage = delivered.UsageOf(call, delivered.CountedOutput);
        return new(usage, UsageSource.Counted, call.CostNanoUsd(usage, tier, endedAt, delivered.Surcharges));
    }

    /// <summary>The outcome is unknown: charges what the operator configured.</summary>
    public static Charge OfUnknown(ModelCall call, UnknownOutcome policy, Delivered delivered, DateTimeOffset endedAt) => policy switch
    {
        UnknownOutcome.Free => None,
        UnknownOutcome.Prompt => OfCount(call, delivered, call.HeldTier, endedAt),
        _ => new(new TokenUsage(call.Worst.PromptTokens, call.Worst.MaxCompletionTokens), UsageSource.Held, call.Worst.MaxCostNanoUsd),
    };

    /// <summary>
    /// The caller left before the usage came. A reasoning model may have used up to its output limit before its answer
    /// began. A provider that bills aborted calls in full is charged the maximum.
    /// </summary>
    public static Charge OfLeft(ModelCall call, Delivered delivered, bool answerHasBegun, DateTimeOffset endedAt)
    {
        if (call.BillsAbortedCalls) return OfUnknown(call, UnknownOutcome.Held, delivered, endedAt);
        if (!call.Model.Capabilities.Reasoning || answerHasBegun) return OfCount(call, delivered, call.HeldTier, endedAt);
        var usage = delivered.UsageOf(call, call.Worst.MaxCompletionTokens);
        return new(usage, UsageSource.Held, call.CostNanoUsd(usage, call.HeldTier, endedAt, delivered.Surcharges));
    }
}

/// <summary>What is known of a reply whose usage never came.</summary>
/// <param name="CountedOutput">Output tokens, counted from the delivered text.</param>
/// <param name="PromptUsage">The input tokens that the provider reported; null: none.</param>
/// <param name="Surcharges">The surcharges that the provider reported.</param>
public readonly record struct Delivered(long CountedOutput, TokenUsage? PromptUsage = null, BilledSurcharges Surcharges = default)
{
    /// <summary>The reported or held prompt, with this output.</summary>
    public TokenUsage UsageOf(ModelCall call, long output) =>
        PromptUsage is { } told ? told with { CompletionTokens = output } : new TokenUsage(call.Worst.PromptTokens, output);
}
