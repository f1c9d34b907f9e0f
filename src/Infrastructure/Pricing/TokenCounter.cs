using AiGateway.Application.Generation;
using AiGateway.Application.Ports;
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

    /// <inheritdoc/>
    public long CountText(string model, string text) => Count(TokenizerFamily.Of(model), text);

    /// <inheritdoc/>
    public long CountMessages(string model, IReadOnlyList<ChatMessage> messages)
    {
        var tokenizer = TokenizerFamily.Of(model);
        long tokens = TokensForReply;
        for (var i = 0; i < messages.Count; i++)
            tokens += TokensPerMessage + Count(tokenizer, messages[i].Role) + Count(tokenizer, messages[i].Content);
        return tokens;
    }

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
