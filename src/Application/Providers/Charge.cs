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
    public static Charge OfUsage(
        ModelCall call, TokenUsage usage, ServiceTier tier, DateTimeOffset endedAt, long? reportedCostNanoUsd = null) =>
        new(usage, UsageSource.Provider, reportedCostNanoUsd ?? call.CostNanoUsd(usage, tier, endedAt));

    /// <summary>The provider reported no usage: the prompt as held, and the counted output.</summary>
    public static Charge OfCount(ModelCall call, long countedOutput, ServiceTier tier, DateTimeOffset endedAt)
    {
        var usage = new TokenUsage(call.Worst.PromptTokens, countedOutput);
        return new(usage, UsageSource.Counted, call.CostNanoUsd(usage, tier, endedAt));
    }

    /// <summary>The outcome is unknown: charges what the operator configured.</summary>
    public static Charge OfUnknown(ModelCall call, UnknownOutcome policy, long countedOutput, DateTimeOffset endedAt) => policy switch
    {
        UnknownOutcome.Free => None,
        UnknownOutcome.Prompt => OfCount(call, countedOutput, call.HeldTier, endedAt),
        _ => new(new TokenUsage(call.Worst.PromptTokens, call.Worst.MaxCompletionTokens), UsageSource.Held, call.Worst.MaxCostNanoUsd),
    };

    /// <summary>
    /// The caller left before the usage came. A reasoning model may have used up to its output limit before its answer
    /// began. A provider that bills aborted calls in full is charged the maximum.
    /// </summary>
    public static Charge OfLeft(ModelCall call, long countedOutput, bool answerHasBegun, DateTimeOffset endedAt)
    {
        if (call.BillsAbortedCalls) return OfUnknown(call, UnknownOutcome.Held, countedOutput, endedAt);
        if (!call.Model.Capabilities.Reasoning || answerHasBegun) return OfCount(call, countedOutput, call.HeldTier, endedAt);
        var usage = new TokenUsage(call.Worst.PromptTokens, call.Worst.MaxCompletionTokens);
        return new(usage, UsageSource.Held, call.CostNanoUsd(usage, call.HeldTier, endedAt));
    }
}
