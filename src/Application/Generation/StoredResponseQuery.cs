namespace AiGateway.Application.Generation;

/// <summary>
/// The parameters of a request for a stored response. Only known names pass, and the query string is rebuilt from the parsed
/// values, so gateway and provider read the same parameters.
/// </summary>
internal static class StoredResponseQuery
{
    public const string Stream = "stream";

    // SDKs write a list in either form.
    private static readonly string[] OfGet = ["include", "include[]", "include_obfuscation", "starting_after", Stream];
    private static readonly string[] OfInputItems = ["after", "before", "include", "include[]", "limit", "order"];

    /// <summary>The names that a provider accepts for an action.</summary>
    public static IReadOnlyList<string> NamesFor(StoredResponseAction action) => action switch
    {
        StoredResponseAction.Get => OfGet,
        StoredResponseAction.InputItems => OfInputItems,
        _ => [],
    };

    /// <summary>Names and values as the provider would read them, in order.</summary>
    public static IReadOnlyList<(string Name, string Value)> Read(string query)
    {
        var read = new List<(string, string)>();
        foreach (var pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            read.Add(at < 0 ? (Decode(pair), "") : (Decode(pair[..at]), Decode(pair[(at + 1)..])));
        }

        return read;
    }

    /// <summary>
    /// The query string for the provider's address; empty or beginning with a question mark. All names must be known.
    /// </summary>
    public static string Write(string query)
    {
        var pairs = Read(query).Select(each => $"{each.Name}={Uri.EscapeDataString(each.Value)}");
        return string.Join('&', pairs) is { Length: > 0 } written ? $"?{written}" : "";
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
