using AiGateway.Application.Generation;
using AiGateway.Application.Ports;
using AiGateway.Domain;
using Microsoft.ML.Tokenizers;

namespace AiGateway.Infrastructure.Pricing;

/// <summary>
/// Counts with OpenAI's public tokenizers. The count of ordinary text is exact; where the text must be cut
/// (see <see cref="TextCuts"/>) it errs upward, so that a hold is never too small.
/// </summary>
public sealed class TokenCounter : ITokenCounter
{
    // The chat format frames each message with a start, a separator and an end, and primes the reply with three tokens.
    private const int TokensPerMessage = 3;
    private const int TokensForReply = 3;

    // A second of sound costs 10 tokens at OpenAI and 32 at Google. Even at 8 kbit/s it is 1,333 characters of base64.
    private const int AudioCharactersPerToken = 40;

    /// <inheritdoc/>
    public long CountText(string model, string text) => Count(TokenizerFamily.Of(model), text);

    /// <inheritdoc/>
    public long CountMessages(string model, IReadOnlyList<ChatMessage> messages)
    {
        var tokenizer = TokenizerFamily.Of(model);
        long tokens = TokensForReply;
        for (var i = 0; i < messages.Count; i++)
            tokens += TokensPerMessage + CountRole(tokenizer, messages[i].Role) + Count(tokenizer, messages[i].Content);
        return tokens;
    }

    /// <inheritdoc/>
    public long CountPrompt(Generate request, PricedModel model)
    {
        var extras = request.Extras;
        var tokenizer = TokenizerFamily.Of(model.Model);
        var tokens = request.Operation == ModelOperation.Embeddings ? 0 : CountMessages(model.Model, request.Conversation);
        foreach (var text in extras.Texts) tokens += Count(tokenizer, text);
        foreach (var piece in extras.BoundedBySize) tokens += piece.Length;
        tokens += extras.Tokens
            + (extras.Images * ImageTokens.Of(model.Model, isLowDetail: false))
            + (extras.LowDetailImages * ImageTokens.Of(model.Model, isLowDetail: true))
            + ((extras.AudioCharacters + AudioCharactersPerToken - 1) / AudioCharactersPerToken);
        return extras.IsUnbounded ? Math.Max(tokens, model.Capabilities.ContextWindow) : tokens;
    }

    // Each of these is one token in every family.
    private static long CountRole(TiktokenTokenizer tokenizer, string role) =>
        role is "system" or "developer" or "user" or "assistant" or "tool" or "function" ? 1 : Count(tokenizer, role);

    private static long Count(TiktokenTokenizer tokenizer, string text)
    {
        long tokens = 0;
        var start = 0;
        for (var cut = TextCuts.Next(text, start); cut < text.Length; cut = TextCuts.Next(text, start))
        {
            tokens += tokenizer.CountTokens(text.AsSpan(start, cut - start)) + TextCuts.Allowance;
            start = cut;
        }

        return tokens + tokenizer.CountTokens(text.AsSpan(start));
    }
}
