using System.Text.Json;
using AiGateway.Api.Wires;

namespace AiGateway.Api.OpenAi.Reading;

/// <summary>The caller's own name for its end user: <c>user</c>, or its successor <c>safety_identifier</c>.</summary>
internal static class EndUsers
{
    /// <summary>The name; null when none is given, or an empty one, which some clients always send.</summary>
    public static string? Read(WireReader reader) => EndUserName.Shorten(reader.FindText("user")) ?? EndUserName.Shorten(ReadIdentifier(reader));

    private static string? ReadIdentifier(WireReader reader) =>
        reader.Find("safety_identifier") is { ValueKind: JsonValueKind.String } value ? reader.TextOf(value, "safety_identifier") : null;
}
