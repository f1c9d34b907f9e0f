using System.Text;
using System.Text.Unicode;

namespace AiGateway.Application.Translation.ToMessages;

/// <summary>An address that holds its content.</summary>
/// <param name="MediaType">The type, in lower case.</param>
/// <param name="IsBase64">Whether the content is base64.</param>
/// <param name="Content">The content.</param>
internal readonly record struct InlineContent(string MediaType, bool IsBase64, string Content)
{
    /// <summary>Reads an address; null when it does not begin with <c>data:</c>.</summary>
    public static InlineContent? Read(string? address)
    {
        if (address?.StartsWith("data:", StringComparison.OrdinalIgnoreCase) != true) return null;
        var comma = address.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0) return new("", false, "");
        var parts = address[5..comma].Split(';');
        return new(parts[0].Trim().ToLowerInvariant(), parts[^1].Trim().Equals("base64", StringComparison.OrdinalIgnoreCase), address[(comma + 1)..]);
    }

    /// <summary>The content as text; null when it is not UTF-8 in base64.</summary>
    public string? ToText()
    {
        if (!IsBase64) return Uri.UnescapeDataString(Content);
        var bytes = new byte[Content.Length];
        return Convert.TryFromBase64String(Content, bytes, out var length) && Utf8.IsValid(bytes.AsSpan(0, length))
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : null;
    }
}
