using System.Text;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>Column lengths, and the cleaning of outside text where a refusal would lose a settlement.</summary>
internal static class StoredText
{
    public const int NameLength = 200;
    public const int ProblemLength = 1000;
    public const int ErrorCodeLength = 100;

    /// <summary>Fits within SQL Server's 1,700 bytes of an index key.</summary>
    public const int ExternalIdLength = 600;

    /// <summary>The text without what PostgreSQL cannot store (NUL, half a surrogate pair), cut to its column.</summary>
    public static string Fit(string text, int maxLength)
    {
        if (text.Length <= maxLength && IsStorable(text)) return text;
        var fitted = new StringBuilder(maxLength);
        foreach (var rune in text.EnumerateRunes())
        {
            if (fitted.Length + rune.Utf16SequenceLength > maxLength) break;
            if (rune.Value != 0) fitted.Append(rune.ToString());
        }

        return fitted.ToString();
    }

    public static bool IsStorable(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != System.Buffers.OperationStatus.Done || rune.Value == 0)
                return false;
            text = text[length..];
        }

        return true;
    }
}
