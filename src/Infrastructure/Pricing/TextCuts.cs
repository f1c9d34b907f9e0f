namespace AiGateway.Infrastructure.Pricing;

/// <summary>
/// Finds where a text must be cut before it is tokenized. Byte-pair merging takes quadratic time in the length of a stretch
/// that the tokenizer cannot split. Measured: 40,000 times the same ideograph takes 4.5 s, so one megabyte would take most
/// of an hour. In stretches of at most 240 characters a megabyte takes about a second at worst.
/// </summary>
internal static class TextCuts
{
    /// <summary>
    /// Tokens added for each cut, because the cut may prevent a merge. Over 50,000 periodic and random stretches in many
    /// scripts, a cut lowered the count by at most two tokens.
    /// </summary>
    public const int Allowance = 2;

    private const int MaxStretch = 240;

    /// <summary>A piece ends at the first natural split after this many characters, which lets a count stop in between.</summary>
    private const int MaxPiece = 16 * 1024;

    /// <summary>
    /// The tokenizer would count these as one token each; the provider reads them as plain text in a caller's message.
    /// </summary>
    private static readonly string[] ControlWords = ["|endoftext|>", "|endofprompt|>", "|fim_prefix|>", "|fim_middle|>", "|fim_suffix|>"];

    /// <summary>The next cut after <paramref name="start"/>; the length of the text when none is needed.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the piece begins.</param>
    /// <param name="isExact">Whether the tokenizer also splits there, so the pieces have as many tokens as the whole.</param>
    public static int Next(ReadOnlySpan<char> text, int start, out bool isExact)
    {
        isExact = false;
        var stretchStart = start;
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '|' && text[i - 1] == '<' && IsControlWord(text[i..])) return i;
            if (IsNaturalSplit(text[i - 1], text[i]))
            {
                stretchStart = i;
                isExact = i - start >= MaxPiece;
                if (isExact) return i;
            }
            else if (i - stretchStart >= MaxStretch && !char.IsLowSurrogate(text[i]))
            {
                return i;
            }
        }

        isExact = true;
        return text.Length;
    }

    /// <summary>
    /// Whether both tokenizers split here in every context: before white space, between letters and digits, and before
    /// punctuation that follows either. Combining marks, apostrophes (as in don't) and surrogates are excluded, because they
    /// depend on the context.
    /// </summary>
    private static bool IsNaturalSplit(char before, char after)
    {
        if (char.IsWhiteSpace(after)) return after is not ('\r' or '\n') && !char.IsWhiteSpace(before);
        if (char.IsLetter(before)) return char.IsNumber(after) || IsPunctuation(after);
        return char.IsNumber(before) && (char.IsLetter(after) || IsPunctuation(after));
    }

    private static bool IsPunctuation(char character) =>
        character != '\'' && (char.IsPunctuation(character) || char.IsSymbol(character));

    private static bool IsControlWord(ReadOnlySpan<char> text)
    {
        foreach (var word in ControlWords)
        {
            if (text.StartsWith(word, StringComparison.Ordinal)) return true;
        }

        return false;
    }
}
