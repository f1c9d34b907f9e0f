using AiGateway.Application.Requests;

namespace AiGateway.Application.Providers;

/// <summary>The maximum cost of a call.</summary>
/// <param name="PromptTokens">Input tokens: counted exactly, or bounded.</param>
/// <param name="MaxCompletionTokens">Most output tokens, over all choices.</param>
/// <param name="MaxCostNanoUsd">The maximum cost, in nano-dollars.</param>
public sealed record CostEstimate(long PromptTokens, long MaxCompletionTokens, long MaxCostNanoUsd)
{
    /// <summary>A call that costs nothing.</summary>
    public static readonly CostEstimate Nothing = new(0, 0, 0);

    /// <summary>
    /// The maximum cost of a call at its output limit. The prompt is priced at the most expensive input class, so cached or
    /// cache-written tokens cost no more. The output limit is always sent, so each choice ends there at the latest. Predicted
    /// text that the model rejects is billed on top.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="promptTokens">Most input tokens.</param>
    /// <param name="predictedTokens">Tokens of predicted text.</param>
    /// <exception cref="OverflowException">The cost does not fit.</exception>
    public static CostEstimate Of(ModelCall call, long promptTokens, long predictedTokens)
    {
        var request = call.Request;
        var completionTokens = checked((call.MaxCompletionTokens + predictedTokens) * request.Choices);
        var cost = call.Price.WorstCaseNanoUsd(promptTokens, completionTokens, request.Tier, request.Surcharges);
        var toolCalls = checked(call.Model.MostExpensiveCallNanoUsd(request) * (request.MaxToolCalls ?? 0));
        return new CostEstimate(promptTokens, completionTokens, checked(cost + toolCalls)) { PredictedTokens = predictedTokens };
    }

    /// <summary>Tokens of predicted text of one choice, which may be billed on top of the output limit.</summary>
    public long PredictedTokens { get; init; }

    /// <summary>
    /// False when the prompt certainly exceeds the model's context window. The provider would refuse such a call.
    /// </summary>
    public bool Fits { get; init; } = true;
}
