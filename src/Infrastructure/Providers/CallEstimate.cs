using AiGateway.Application.Generation;
using AiGateway.Application.Ports;

namespace AiGateway.Infrastructure.Providers;

/// <summary>The worst case of a call, the same for every provider that bills by token.</summary>
internal static class CallEstimate
{
    // The hold covers the reply: the counted prompt is priced at the dearest input class, so that cached or cache-written
    // tokens cost no more, and the output limit is always sent upstream, so that each choice ends there at the latest.
    // Nothing else of the options adds billed tokens, and no tier but the standard one is ever asked for.
    public static CostEstimate Of(ModelCall call, ITokenCounter tokens)
    {
        var promptTokens = tokens.CountMessages(call.Model.Model, call.Request.Conversation);
        var completionTokens = checked(call.MaxCompletionTokens * call.Request.Choices);
        return new CostEstimate(promptTokens, completionTokens, call.Price.WorstCaseNanoUsd(promptTokens, completionTokens));
    }
}
