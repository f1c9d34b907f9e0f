using System.Text;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Persistence.Mapping;

/// <summary>Column lengths, and the cleaning of outside text where a refusal would lose a settlement.</summary>
internal static class StoredText
{
    public const int NameLength = StorableText.NameLength;
    public const int ProblemLength = 1000;

    /// <summary>Names of models, networks or tags, separated by blanks.</summary>
    public const int ListLength = 2000;
    public const int ErrorCodeLength = 100;

    /// <summary>Fits within SQL Server's 1,700 bytes of an index key.</summary>
    public const int ExternalIdLength = 600;

    /// <summary>The text without what PostgreSQL cannot store (NUL, half a surrogate pair), cut to its column.</summary>
    public static string Fit(string text, int maxLength)
    {
        if (text.Length <= maxLength && StorableText.IsStorable(text)) return text;
        var fitted = new StringBuilder(maxLength);
        foreach (var rune in text.EnumerateRunes())
        {
            if (fitted.Length + rune.Utf16SequenceLength > maxLength) break;
            if (rune.Value != 0) fitted.Append(rune.ToString());
        }

        return fitted.ToString();
    }
}
