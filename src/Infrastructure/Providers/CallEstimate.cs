using System.Text.Json;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers;

/// <summary>The maximum cost of a call, for every provider that bills by token.</summary>
internal static class CallEstimate
{
    // The hold covers the reply. The prompt is priced at the most expensive input class, so cached or cache-written tokens
    // cost no more. The output limit is always sent, so each choice ends there at the latest. Predicted text that the model
    // rejects is billed on top.
    /// <param name="call">The call.</param>
    /// <param name="tokens">Counts its prompt.</param>
    /// <param name="hiddenTokens">Tokens that the provider adds to the prompt, at most.</param>
    public static CostEstimate Of(ModelCall call, ITokenCounter tokens, long hiddenTokens = 0)
    {
        var request = call.Request;
        var prompt = tokens.BoundPrompt(request, call.Model);
        var promptTokens = hiddenTokens == 0 ? prompt.Tokens : Math.Min(prompt.Tokens + hiddenTokens, call.Model.Capabilities.ContextWindow);
        var completionTokens = checked((call.MaxCompletionTokens + prompt.PredictedTokens) * request.Choices);
        var cost = call.Price.WorstCaseNanoUsd(promptTokens, completionTokens, request.Tier, request.Surcharges);
        var toolCalls = checked(call.Model.MostExpensiveCallNanoUsd(request) * (request.MaxToolCalls ?? 0));
        return new CostEstimate(promptTokens, completionTokens, checked(cost + toolCalls))
        {
            Fits = !prompt.ExceedsWindow || MayTruncate(request),
        };
    }

    // A response is not refused for its length when its provider may leave out the middle of a long input.
    private static bool MayTruncate(ModelRequest request)
    {
        if (request is not { Operation: ModelOperation.Responses, Wire: { } wire }) return false;
        var json = new Utf8JsonReader(wire.Body.Span);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1) continue;
            var isTruncation = json.ValueTextEquals("truncation"u8);
            json.Read();
            if (isTruncation) return json.TokenType == JsonTokenType.String && json.ValueTextEquals("auto"u8);
            json.Skip();
        }

        return false;
    }
}
