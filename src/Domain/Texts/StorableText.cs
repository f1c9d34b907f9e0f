using System.Buffers;
using System.Text;

namespace AiGateway.Domain;

/// <summary>Text that every database and provider takes: without NUL, and without half a surrogate pair.</summary>
public static class StorableText
{
    /// <summary>Most characters of a stored name, such as of a model, a provider or an end user.</summary>
    public const int NameLength = 200;

    /// <summary>Whether the text can be stored.</summary>
    public static bool IsStorable(ReadOnlySpan<char> text)
    {
        // Nearly every text is without surrogate pairs, and is seen to be so many characters at a time.
        var first = text.IndexOfAnyExceptInRange('\u0001', '\uD7FF');
        text = first < 0 ? [] : text[first..];
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done || rune.Value == 0) return false;
            text = text[length..];
        }

        return true;
    }

    /// <summary>The text up to a length, without half a surrogate pair at its end.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">Most characters; at least 0.</param>
    public static string Prefix(string text, int maxLength)
    {
        if (text.Length <= maxLength) return text;
        return text[..(maxLength > 0 && char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
    }
}
