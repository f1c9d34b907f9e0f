namespace AiGateway.Api.Wires;

/// <summary>The caller's own name for its end user, as it is stored.</summary>
internal static class EndUserName
{
    /// <summary>Stored characters; a longer name is sent to the provider in full.</summary>
    private const int MaxLength = 200;

    /// <summary>The name to store; null when it is blank, as some clients send it.</summary>
    public static string? Shorten(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        if (name.Length <= MaxLength) return name;
        var kept = name[..(char.IsHighSurrogate(name[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
        return string.IsNullOrWhiteSpace(kept) ? null : kept;
    }
}
