using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Application.Pricing;

/// <summary>Counts tokens offline. docs/API.md states how each kind of input is counted for a hold.</summary>
public interface ITokenCounter
{
    /// <summary>
    /// Tokens of a whole text: exact where the model's tokenizer is known, else an estimate with <c>o200k_base</c>.
    /// </summary>
    long CountText(string model, string text);

    /// <summary>Whether a tokenizer reads the prompts of this model; if not, they are bounded by their bytes.</summary>
    bool UsesTokenizer(PricedModel model);

    /// <summary>The input tokens to hold for a request: <see cref="PromptBound.Tokens"/> of <see cref="BoundPrompt"/>.</summary>
    long CountPrompt(ModelRequest request, PricedModel model);

    /// <summary>
    /// An upper bound of the billed input tokens of a request. Counting stops once a prompt exceeds the context window.
    /// </summary>
    PromptBound BoundPrompt(ModelRequest request, PricedModel model);
}

/// <summary>An upper bound of the billed input tokens of a request.</summary>
/// <param name="Tokens">Input tokens to hold; for a conversation never more than the context window.</param>
/// <param name="PredictedTokens">Tokens of the predicted text, which may be billed as output on top of the output limit.</param>
/// <param name="ExceedsWindow">Whether the exact count of a known tokenizer is more than the context window.</param>
public readonly record struct PromptBound(long Tokens, long PredictedTokens = 0, bool ExceedsWindow = false);
