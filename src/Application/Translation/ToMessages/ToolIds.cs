namespace AiGateway.Application.Translation.ToMessages;

/// <summary>
/// Ids of tool calls in the characters that Anthropic's wire accepts. One id always has one translation, and two ids never
/// share one.
/// </summary>
internal sealed class ToolIds
{
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>The translation.</summary>
    public string Of(string id)
    {
        if (_known.TryGetValue(id, out var known)) return known;
        var clean = Clean(id);
        for (var copy = 2; !_used.Add(clean); copy++) clean = $"{Clean(id)}_{copy}";
        return _known[id] = clean;
    }

    /// <summary>The id with every other character replaced by an underscore.</summary>
    public static string Clean(string id) => id.AsSpan().ContainsAnyExcept(Accepted)
        ? string.Concat(id.Select(each => char.IsAsciiLetterOrDigit(each) || each is '_' or '-' ? each : '_'))
        : id;

    private static readonly System.Buffers.SearchValues<char> Accepted =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");
}
