using System.Buffers;
using System.Text.Json;
using AiGateway.Application.OpenAiWire;

namespace AiGateway.Application.AnthropicWire;

/// <summary>
/// Writes a whole message as the events of a stream, for a server that answers <c>"stream": true</c> with a plain message.
/// </summary>
public static class EventsOfMessage
{
    /// <summary>The message: its beginning, each block, its reason to stop with the usage, and its end.</summary>
    public static IReadOnlyList<WireEvent> Of(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        var events = new List<WireEvent>();
        Add(events, "message_start", writer => WriteStart(writer, root));
        var index = 0;
        foreach (var block in root.GetProperty("content"u8).EnumerateArray()) AddBlock(events, block, index++);
        Add(events, "message_delta", writer => WriteStop(writer, root));
        Add(events, "message_stop", static _ => { });
        return events;
    }

    private static void WriteStart(Utf8JsonWriter writer, JsonElement root)
    {
        writer.WriteStartObject("message"u8);
        foreach (var member in root.EnumerateObject())
        {
            if (member.NameEquals("content"u8)) WriteEmptyArray(writer, "content"u8);
            else if (IsOfTheEnd(member)) writer.WriteNull(member.Name);
            else member.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void AddBlock(List<WireEvent> events, JsonElement block, int index)
    {
        Add(events, "content_block_start", writer =>
        {
            writer.WriteNumber("index"u8, index);
            writer.WriteStartObject("content_block"u8);
            foreach (var member in block.EnumerateObject()) WriteEmptied(writer, member);
            writer.WriteEndObject();
        });
        foreach (var member in block.EnumerateObject())
        {
            if (DeltaOf(member) is not { } delta) continue;
            Add(events, "content_block_delta", writer =>
            {
                writer.WriteNumber("index"u8, index);
                writer.WriteStartObject("delta"u8);
                writer.WriteString("type"u8, delta.Type);
                writer.WriteString(delta.Name, delta.Text);
                writer.WriteEndObject();
            });
        }

        Add(events, "content_block_stop", writer => writer.WriteNumber("index"u8, index));
    }

    // What deltas deliver is empty at first.
    private static void WriteEmptied(Utf8JsonWriter writer, JsonProperty member)
    {
        if (DeltaOf(member) is null)
        {
            member.WriteTo(writer);
        }
        else if (member.NameEquals("input"u8))
        {
            writer.WriteStartObject("input"u8);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString(member.Name, "");
        }
    }

    private static (string Type, string Name, string Text)? DeltaOf(JsonProperty member) => (member.Name, member.Value.ValueKind) switch
    {
        ("text", JsonValueKind.String) => ("text_delta", "text", member.Value.GetString()!),
        ("thinking", JsonValueKind.String) => ("thinking_delta", "thinking", member.Value.GetString()!),
        ("signature", JsonValueKind.String) => ("signature_delta", "signature", member.Value.GetString()!),
        ("input", JsonValueKind.Object) => ("input_json_delta", "partial_json", member.Value.GetRawText()),
        _ => null,
    };

    private static void WriteStop(Utf8JsonWriter writer, JsonElement root)
    {
        writer.WriteStartObject("delta"u8);
        foreach (var member in root.EnumerateObject())
        {
            if (IsOfTheEnd(member)) member.WriteTo(writer);
        }

        writer.WriteEndObject();
        if (root.Find("usage"u8) is not { } usage) return;
        writer.WritePropertyName("usage"u8);
        usage.WriteTo(writer);
    }

    private static bool IsOfTheEnd(JsonProperty member) =>
        member.NameEquals("stop_reason"u8) || member.NameEquals("stop_sequence"u8) || member.NameEquals("stop_details"u8);

    private static void WriteEmptyArray(Utf8JsonWriter writer, ReadOnlySpan<byte> name)
    {
        writer.WriteStartArray(name);
        writer.WriteEndArray();
    }

    private static void Add(List<WireEvent> events, string type, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, OpenAiRequest.Compact))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            write(writer);
            writer.WriteEndObject();
        }

        events.Add(new WireEvent(buffer.WrittenMemory, type));
    }
}
