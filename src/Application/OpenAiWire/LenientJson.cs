using System.Text.Json;

namespace AiGateway.Application.OpenAiWire;

/// <summary>Reads JSON from outside, where no value need have the expected kind. Names are UTF-8, as the JSON is.</summary>
public static class LenientJson
{
    /// <summary>The member of an object; null when it is missing or the value is not an object.</summary>
    public static JsonElement? Find(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? member : null;

    /// <summary>The member when it is a string, else null.</summary>
    public static string? FindText(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.Find(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>Whether a member <c>error</c> reports an error: an object or a text, as opposed to null.</summary>
    public static bool ReportsError(this JsonElement? error) =>
        error is { ValueKind: JsonValueKind.Object } || (error is { ValueKind: JsonValueKind.String } text && !text.ValueEquals(""u8));
}
