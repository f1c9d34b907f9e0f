using System.Text;
using AiGateway.Application.Requests;

namespace AiGateway.Infrastructure.Pricing.Tokens;

/// <summary>Counts one piece of a text.</summary>
internal delegate int PieceCounter(BytePairTokenizer tokenizer, ReadOnlySpan<char> piece);

/// <summary>
/// Sums the tokens of texts, piece by piece, and stops once they exceed the context of the model: a prompt that cannot
/// succeed must not cost CPU in proportion to its length.
/// </summary>
/// <param name="rule">How to count.</param>
/// <param name="count">Counts a piece.</param>
/// <param name="most">The bound.</param>
internal sealed class PromptCount(CountingRule rule, PieceCounter count, long most)
{
    /// <summary>
    /// Tokens for the frame that an unknown model puts around a message, role included, or around an input of embeddings.
    /// </summary>
    public const int BytesPerMessage = 32;

    // The chat format of OpenAI frames each message with a start, a separator and an end, and the reply with three tokens.
    private const int TokensPerMessage = 3;
    private const int TokensForReply = 3;

    // In tokens of the tokenizer, before its factor.
    private readonly long _mostCounted = most > long.MaxValue / 100 ? most : most * 100 / rule.Percent;
    private long _counted;

    /// <summary>The tokens to hold.</summary>
    public long Tokens => rule.Percent == 100 ? _counted : (long)((((Int128)_counted * rule.Percent) + 99) / 100);

    /// <summary>The certain minimum of tokens, even if merges across cuts save some.</summary>
    public long Certain { get; private set; }

    /// <summary>
    /// A text with many cuts has a wide margin between the certain and the held count, so counting may go on to twice the
    /// bound.
    /// </summary>
    private bool IsFull => Certain > _mostCounted || _counted / 2 > _mostCounted;

    public void AddConversation(IReadOnlyList<ChatMessage> messages)
    {
        if (rule.Tokenizer is not null) _counted += TokensForReply;
        for (var i = 0; i < messages.Count && !IsFull; i++)
        {
            AddFrame(messages[i].Role);
            AddText(messages[i].Content);
        }
    }

    public void AddText(string text)
    {
        if (rule.Tokenizer is not { } tokenizer)
        {
            _counted += Encoding.UTF8.GetByteCount(text);
            return;
        }

        // A run of one character, or of a short pattern, is the same piece many times. Such runs take the longest to count.
        ReadOnlySpan<char> counted = default;
        var tokens = 0;
        for (var start = 0; start < text.Length && !IsFull;)
        {
            var cut = TokenizerChunks.Next(text, start, out var isExact);
            var piece = text.AsSpan(start, cut - start);
            if (!piece.SequenceEqual(counted)) tokens = count(tokenizer, piece);
            counted = piece;
            _counted += isExact ? tokens : tokens + TokenizerChunks.Allowance;
            Certain += isExact ? tokens : tokens - TokenizerChunks.Allowance;
            start = cut;
        }
    }

    // The usual roles are one token in every family, and part of the frame of an unknown model.
    private void AddFrame(string role)
    {
        var isUsual = role is "system" or "developer" or "user" or "assistant" or "tool" or "function";
        _counted += rule.Tokenizer is null ? BytesPerMessage : isUsual ? TokensPerMessage + 1 : TokensPerMessage;
        if (!isUsual) AddText(role);
    }
}
