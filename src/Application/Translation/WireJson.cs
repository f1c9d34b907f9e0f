using System.Buffers;
using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;

namespace AiGateway.Application.Translation;

/// <summary>Reads and writes the JSON of a translation.</summary>
internal static class WireJson
{
    /// <summary>The JSON that a function writes.</summary>
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, OpenAiRequest.Compact)) write(json);
        return buffer.WrittenMemory;
    }

    /// <summary>A written request with the positions of its members, so the adapter can change them.</summary>
    public static WireRequest ToRequest(WireKind kind, ReadOnlyMemory<byte> body)
    {
        var members = new List<WireMember>();
        var json = new Utf8JsonReader(body.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            var start = (int)json.TokenStartIndex;
            json.Skip();
            members.Add(new WireMember(name, start, (int)json.BytesConsumed - start));
        }

        return new WireRequest(kind, body, members);
    }

    /// <summary>
    /// The model as the client named it. The adapter replaces it where the provider's name differs, as in a client's own JSON.
    /// </summary>
    public static string ModelOf(ModelCall call) => call.Request.Model ?? call.Model.Model;

    /// <summary>The member of an object; null when it is missing or JSON's null.</summary>
    public static JsonElement? FindSet(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.Find(name) is { ValueKind: not JsonValueKind.Null } member ? member : null;

    /// <summary>Whether it is missing, or a text without visible characters. Anthropic's wire refuses such a text block.</summary>
    public static bool IsBlank(this JsonElement text) => text.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => true,
        JsonValueKind.String => string.IsNullOrWhiteSpace(text.GetString()),
        _ => false,
    };

    /// <summary>The text of a member; empty when it is missing.</summary>
    /// <exception cref="Domain.InvalidRequestException">It is something else.</exception>
    public static string TextOf(this JsonElement json, string name, string field)
    {
        if (!json.TryGetProperty(name, out var text) || text.ValueKind == JsonValueKind.Null) return "";
        return text.ValueKind == JsonValueKind.String ? text.GetString()! : throw new Domain.InvalidRequestException($"{field}.{name}", "must be a string");
    }

    /// <summary>The elements of an array; none when it is something else.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement? array) =>
        array is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>The elements of an array of objects.</summary>
    /// <exception cref="Domain.InvalidRequestException">It is something else.</exception>
    public static IEnumerable<(JsonElement Element, string Field)> Objects(this JsonElement array, string field)
    {
        if (array.ValueKind != JsonValueKind.Array) throw new Domain.InvalidRequestException(field, "must be an array");
        var at = 0;
        foreach (var element in array.EnumerateArray())
        {
            var name = $"{field}[{at++}]";
            if (element.ValueKind != JsonValueKind.Object) throw new Domain.InvalidRequestException(name, "must be an object");
            yield return (element, name);
        }
    }

    /// <summary>Copies a member when it is set.</summary>
    public static void Copy(this Utf8JsonWriter json, JsonElement source, string name)
    {
        if (!source.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return;
        json.WritePropertyName(name);
        value.WriteTo(json);
    }

    /// <summary>A text block of Anthropic's wire.</summary>
    public static void WriteTextBlock(this Utf8JsonWriter json, string? text, JsonElement source = default)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        if (source.ValueKind == JsonValueKind.Object) json.Copy(source, "cache_control");
        json.WriteEndObject();
    }

    /// <summary>An object without members.</summary>
    public static void WriteEmptyObject(this Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteEndObject();
    }
}
