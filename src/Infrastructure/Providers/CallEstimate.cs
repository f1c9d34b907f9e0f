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
    public static CostEstimate Of(ModelCall call, ITokenCounter tokens)
    {
        var request = call.Request;
        var prompt = tokens.BoundPrompt(request, call.Model);
        var completionTokens = checked((call.MaxCompletionTokens + prompt.PredictedTokens) * request.Choices);
        var cost = call.Price.WorstCaseNanoUsd(prompt.Tokens, completionTokens, request.Tier, request.Surcharges);
        var toolCalls = checked(call.Model.MostExpensiveCallNanoUsd(request) * (request.MaxToolCalls ?? 0));
        return new CostEstimate(prompt.Tokens, completionTokens, checked(cost + toolCalls))
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
