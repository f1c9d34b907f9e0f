namespace AiGateway.Domain;

/// <summary>A list of words without blanks, stored in one column with a blank between them.</summary>
public static class WordList
{
    /// <summary>The stored form, each word once; null for no list and for an empty one.</summary>
    public static string? Join(IEnumerable<string>? words) =>
        string.Join(' ', words?.Distinct(StringComparer.Ordinal) ?? []) is { Length: > 0 } joined ? joined : null;

    /// <summary>The words; null for no list.</summary>
    public static IReadOnlyList<string>? Split(string? stored) => stored?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
