using System.Buffers;
using System.Text.Json;

namespace AiGateway.Application.OpenAiWire;

/// <summary>
/// Writes a whole reply as the events of a stream, for a server that answers <c>"stream": true</c> with a plain reply.
/// </summary>
public static class EventsOfReply
{
    /// <summary>A chat completion: one chunk for each choice, then the usage.</summary>
    public static IReadOnlyList<WireEvent> OfChat(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        var events = new List<WireEvent>();
        foreach (var choice in root.GetProperty("choices"u8).EnumerateArray())
            events.Add(new(Write(writer => WriteChunk(writer, root, choice))));
        if (root.Find("usage"u8) is { ValueKind: JsonValueKind.Object }) events.Add(new(Write(writer => WriteChunk(writer, root, choice: null))));
        return events;
    }

    /// <summary>A response: its beginning, each item, and its end.</summary>
    public static IReadOnlyList<WireEvent> OfResponse(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        var events = new List<WireEvent>();
        Add(events, "response.created", writer => WriteResponse(writer, root, isWhole: false));
        var index = 0;
        foreach (var item in root.GetProperty("output"u8).EnumerateArray())
        {
            var place = index++;
            Add(events, "response.output_item.added", writer => WriteItem(writer, item, place));
            AddTexts(events, item, place);
            Add(events, "response.output_item.done", writer => WriteItem(writer, item, place));
        }

        var status = root.FindText("status"u8) is "incomplete" or "failed" ? root.FindText("status"u8) : "completed";
        Add(events, $"response.{status}", writer => WriteResponse(writer, root, isWhole: true));
        return events;
    }

    private static void AddTexts(List<WireEvent> events, JsonElement item, int place)
    {
        if (item.Find("content"u8) is not { ValueKind: JsonValueKind.Array } parts) return;
        var part = 0;
        foreach (var each in parts.EnumerateArray())
        {
            var index = part++;
            if (each.FindText("text"u8) is not { Length: > 0 } text || each.FindText("type"u8) is not "output_text") continue;
            Add(events, "response.output_text.delta", writer => WriteText(writer, item, place, index, "delta", text));
            Add(events, "response.output_text.done", writer => WriteText(writer, item, place, index, "text", text));
        }
    }

    private static void WriteText(Utf8JsonWriter writer, JsonElement item, int place, int part, string member, string text)
    {
        writer.WriteString("item_id"u8, item.FindText("id"u8) ?? "");
        writer.WriteNumber("output_index"u8, place);
        writer.WriteNumber("content_index"u8, part);
        writer.WriteString(member, text);
    }

    private static void WriteItem(Utf8JsonWriter writer, JsonElement item, int place)
    {
        writer.WriteNumber("output_index"u8, place);
        writer.WritePropertyName("item"u8);
        item.WriteTo(writer);
    }

    // At its beginning a response has neither output nor usage.
    private static void WriteResponse(Utf8JsonWriter writer, JsonElement root, bool isWhole)
    {
        writer.WritePropertyName("response"u8);
        if (isWhole)
        {
            root.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var member in root.EnumerateObject())
        {
            if (member.NameEquals("status"u8)) writer.WriteString("status"u8, "in_progress"u8);
            else if (member.NameEquals("output"u8)) WriteEmptyArray(writer);
            else if (!member.NameEquals("usage"u8)) member.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteEmptyArray(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("output"u8);
        writer.WriteEndArray();
    }

    private static void Add(List<WireEvent> events, string type, Action<Utf8JsonWriter> write) => events.Add(new(
        Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            writer.WriteNumber("sequence_number"u8, events.Count);
            write(writer);
            writer.WriteEndObject();
        }),
        type));

    private static void WriteChunk(Utf8JsonWriter writer, JsonElement root, JsonElement? choice)
    {
        writer.WriteStartObject();
        foreach (var member in root.EnumerateObject())
        {
            if (member.NameEquals("object"u8) || member.NameEquals("choices"u8) || member.NameEquals("usage"u8)) continue;
            member.WriteTo(writer);
        }

        writer.WriteString("object"u8, "chat.completion.chunk"u8);
        writer.WriteStartArray("choices"u8);
        if (choice is { } given) WriteChoice(writer, given);
        writer.WriteEndArray();
        if (choice is null) root.EnumerateObject().First(member => member.NameEquals("usage"u8)).WriteTo(writer);
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, JsonElement choice)
    {
        writer.WriteStartObject();
        foreach (var member in choice.EnumerateObject())
        {
            if (!member.NameEquals("message"u8)) member.WriteTo(writer);
        }

        writer.WriteStartObject("delta"u8);
        if (choice.Find("message"u8) is { ValueKind: JsonValueKind.Object } message)
        {
            foreach (var member in message.EnumerateObject())
            {
                if (member.NameEquals("tool_calls"u8) && member.Value.ValueKind == JsonValueKind.Array) WriteCalls(writer, member.Value);
                else member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // In a stream each call has its place.
    private static void WriteCalls(Utf8JsonWriter writer, JsonElement calls)
    {
        writer.WriteStartArray("tool_calls"u8);
        var index = 0;
        foreach (var call in calls.EnumerateArray())
        {
            writer.WriteStartObject();
            writer.WriteNumber("index"u8, index++);
            foreach (var member in call.EnumerateObject())
            {
                if (!member.NameEquals("index"u8)) member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, OpenAiRequest.Compact)) write(writer);
        return buffer.WrittenMemory;
    }
}

/// <summary>One event of a stream.</summary>
/// <param name="Json">Its data.</param>
/// <param name="Type">Its name; null for a plain one.</param>
public readonly record struct WireEvent(ReadOnlyMemory<byte> Json, string? Type = null);
