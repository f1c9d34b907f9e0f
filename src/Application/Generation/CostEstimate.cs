namespace AiGateway.Application.Generation;

/// <summary>The worst case of a call.</summary>
/// <param name="PromptTokens">Counted input tokens.</param>
/// <param name="MaxCompletionTokens">Most output tokens, over all choices.</param>
/// <param name="MaxCostNanoUsd">What that costs at most, in nano-dollars.</param>
public sealed record CostEstimate(long PromptTokens, long MaxCompletionTokens, long MaxCostNanoUsd)
{
    /// <summary>A call that costs nothing.</summary>
    public static readonly CostEstimate Nothing = new(0, 0, 0);
}
