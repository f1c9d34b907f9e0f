using AiGateway.Domain;

namespace AiGateway.Api.Wires;

/// <summary>The caller's own name for its end user, as it is stored.</summary>
internal static class EndUserName
{
    /// <summary>The name to store; null when it is blank, as some clients send it. A longer name is sent to the provider in full.</summary>
    public static string? Shorten(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        var kept = StorableText.Prefix(name, StorableText.NameLength);
        return string.IsNullOrWhiteSpace(kept) ? null : kept;
    }
}
