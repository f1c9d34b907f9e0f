using System.Text.Json;

namespace AiGateway.Api.OpenAi.Reading;

/// <summary>The caller's own name for its end user: <c>user</c>, or its successor <c>safety_identifier</c>.</summary>
internal static class EndUsers
{
    /// <summary>Stored characters; a longer name is sent to the provider in full.</summary>
    private const int MaxLength = 200;

    /// <summary>The name; null when none is given, or an empty one, which some clients always send.</summary>
    public static string? Read(WireReader reader) => Shorten(reader.FindText("user")) ?? Shorten(ReadIdentifier(reader));

    private static string? ReadIdentifier(WireReader reader) =>
        reader.Find("safety_identifier") is { ValueKind: JsonValueKind.String } value ? reader.TextOf(value, "safety_identifier") : null;

    private static string? Shorten(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        if (name.Length <= MaxLength) return name;
        var kept = name[..(char.IsHighSurrogate(name[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
        return string.IsNullOrWhiteSpace(kept) ? null : kept;
    }
}
