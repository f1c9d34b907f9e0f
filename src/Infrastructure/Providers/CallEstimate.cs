using System.Text.Json;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers;

/// <summary>The maximum cost of a call, for every provider that bills by token.</summary>
internal static class CallEstimate
{
    /// <param name="call">The call.</param>
    /// <param name="tokens">Counts its prompt.</param>
    /// <param name="hiddenTokens">Tokens that the provider adds to the prompt, at most.</param>
    public static CostEstimate Of(ModelCall call, ITokenCounter tokens, long hiddenTokens = 0)
    {
        var prompt = tokens.BoundPrompt(call.Request, call.Model);
        var promptTokens = hiddenTokens == 0 ? prompt.Tokens : Math.Min(prompt.Tokens + hiddenTokens, call.Model.Capabilities.ContextWindow);
        return CostEstimate.Of(call, promptTokens, prompt.PredictedTokens) with { Fits = !prompt.ExceedsWindow || MayTruncate(call.Request) };
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
