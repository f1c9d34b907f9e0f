namespace AiGateway.Application.Generation;

/// <summary>The maximum cost of a call.</summary>
/// <param name="PromptTokens">Input tokens: counted exactly, or bounded.</param>
/// <param name="MaxCompletionTokens">Most output tokens, over all choices.</param>
/// <param name="MaxCostNanoUsd">The maximum cost, in nano-dollars.</param>
public sealed record CostEstimate(long PromptTokens, long MaxCompletionTokens, long MaxCostNanoUsd)
{
    /// <summary>A call that costs nothing.</summary>
    public static readonly CostEstimate Nothing = new(0, 0, 0);

    /// <summary>
    /// False when the prompt certainly exceeds the model's context window. The provider would refuse such a call.
    /// </summary>
    public bool Fits { get; init; } = true;
}
