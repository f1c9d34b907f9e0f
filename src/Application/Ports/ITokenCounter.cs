using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>Counts tokens offline. docs/API.md states how each kind of input is counted for a hold.</summary>
public interface ITokenCounter
{
    /// <summary>
    /// Tokens of a whole text: exact where the model's tokenizer is known, else an estimate with <c>o200k_base</c>.
    /// </summary>
    long CountText(string model, string text);

    /// <summary>The input tokens to hold for a request: <see cref="PromptBound.Tokens"/> of <see cref="BoundPrompt"/>.</summary>
    long CountPrompt(ModelRequest request, PricedModel model);

    /// <summary>
    /// An upper bound of the billed input tokens of a request. Counting stops once a prompt exceeds the context window.
    /// </summary>
    PromptBound BoundPrompt(ModelRequest request, PricedModel model);
}
