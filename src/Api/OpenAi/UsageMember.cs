namespace AiGateway.Api.OpenAi;

/// <summary>
/// Removes <c>"usage":null</c> from a chunk. The gateway always asks for usage; a client that did not ask must not see it.
/// The bytes cannot occur inside a string, where the quotes would be escaped.
/// </summary>
internal static class UsageMember
{
    private static readonly byte[][] Spellings = ["\"usage\":null"u8.ToArray(), "\"usage\": null"u8.ToArray()];

    public static ReadOnlyMemory<byte> Strip(ReadOnlyMemory<byte> json)
    {
        foreach (var spelling in Spellings)
        {
            var start = json.Span.LastIndexOf(spelling);
            if (start >= 0) return Without(json, start, start + spelling.Length);
        }

        return json;
    }

    // With the comma before it, or else the comma after it.
    private static byte[] Without(ReadOnlyMemory<byte> json, int start, int end)
    {
        var bytes = json.Span;
        var before = bytes[..start].TrimEnd(" \n\r\t"u8);
        var after = bytes[end..];
        if (before.EndsWith(","u8)) before = before[..^1];
        else if (after.TrimStart(" \n\r\t"u8) is var rest && rest.StartsWith(","u8)) after = rest[1..];
        return [.. before, .. after];
    }
}
