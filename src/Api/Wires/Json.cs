using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AiGateway.Api.Wires;

/// <summary>Inspects a JSON value without copying it, however long it is.</summary>
internal static class Json
{
    private const int AddressStart = 64;

    private static readonly SearchValues<byte> SchemeLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-."u8);

    /// <summary>The member; null when it is left out or null, or when the value is no object.</summary>
    public static JsonElement? Find(this JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    /// <summary>The member <c>type</c> of an object; null when it is no string.</summary>
    public static string? TypeOf(JsonElement value) => value.Find("type"u8) is { ValueKind: JsonValueKind.String } type ? type.GetString() : null;

    /// <summary>Whether a member is a text of at least one character.</summary>
    public static bool HasText(this JsonElement value, ReadOnlySpan<byte> name) =>
        value.Find(name) is { ValueKind: JsonValueKind.String } text && !text.ValueEquals(""u8);

    /// <summary>Whether a value is this text.</summary>
    public static bool ValueEqualsText(this JsonElement value, ReadOnlySpan<byte> text) =>
        value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    /// <summary>Whether a value is the address of an image: on the web, or a data URL of an image.</summary>
    public static bool IsImageAddress(JsonElement value)
    {
        var start = StartOf(value);
        return IsWebAddress(start) || StartsWith(start, "data:image/"u8) || StartsWith(start, "data:image\\/"u8);
    }

    /// <summary>Whether a value looks like base64 at its start, with or without the head of a data URL.</summary>
    public static bool IsInlineBase64(JsonElement value)
    {
        var start = StartOf(value);
        if (StartsWith(start, "data:"u8)) start = start[(start.IndexOf((byte)',') + 1)..];
        for (var i = 0; i < start.Length; i++)
        {
            if (start[i] == '\\' && i + 1 < start.Length && start[i + 1] == '/') i++;
            else if (!char.IsAsciiLetterOrDigit((char)start[i]) && "+/=-_"u8.IndexOf(start[i]) < 0) return false;
        }

        return value.ValueKind == JsonValueKind.String;
    }

    /// <summary>Whether a text is an address, such as <c>https://...</c> or a data URL.</summary>
    public static bool IsAddress(JsonElement value)
    {
        var start = StartOf(value);
        if (start.IndexOf("\\u003a"u8) >= 0 || start.IndexOf("\\u003A"u8) >= 0) return true;
        var colon = start.IndexOf((byte)':');
        if (colon <= 0 || start[..colon].IndexOfAnyExcept(SchemeLetters) >= 0) return false;
        return StartsWith(start, "data:"u8) || start[(colon + 1)..].StartsWith("//"u8) || start[(colon + 1)..].StartsWith("\\/"u8);
    }

    private static bool IsWebAddress(ReadOnlySpan<byte> start) => StartsWith(start, "https:"u8) || StartsWith(start, "http:"u8);

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && Ascii.EqualsIgnoreCase(text[..start.Length], start);

    // The raw text of the body: an image address written with escapes gets the rule for unknown parts.
    private static ReadOnlySpan<byte> StartOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return default;
        var text = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        return text.Length > AddressStart ? text[..AddressStart] : text;
    }
}
