using AiGateway.Application.Generation;
using AiGateway.Application.Ports;

namespace AiGateway.Infrastructure.Providers;

/// <summary>The worst case of a call, the same for every provider that bills by token.</summary>
internal static class CallEstimate
{
    // The hold covers the reply: the prompt is priced at the dearest input class, so that cached or cache-written tokens
    // cost no more, and the output limit is always sent upstream, so that each choice ends there at the latest. Predicted
    // text that the model rejects is billed on top. The tier is the one asked for.
    public static CostEstimate Of(ModelCall call, ITokenCounter tokens)
    {
        var request = call.Request;
        var promptTokens = tokens.CountPrompt(request, call.Model);
        var predicted = request.Extras.Prediction is { } text ? tokens.CountText(call.Model.Model, text) : 0;
        var completionTokens = checked((call.MaxCompletionTokens + predicted) * request.Choices);
        return new CostEstimate(
            promptTokens, completionTokens, call.Price.WorstCaseNanoUsd(promptTokens, completionTokens, request.Tier));
    }
}
