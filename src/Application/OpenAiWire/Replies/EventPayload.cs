using System.Text;
using System.Text.Json;

namespace AiGateway.Application.OpenAiWire;

/// <summary>The data of an event before it is read as a part of a reply.</summary>
public static class EventPayload
{
    /// <summary>Whether the event only keeps the connection alive.</summary>
    /// <param name="payload">The data.</param>
    /// <param name="eventType">The event's name; null for plain ones.</param>
    public static bool IsIdle(ReadOnlySpan<byte> payload, string? eventType) =>
        eventType is "ping" or "keepalive" or "keep-alive" or "heartbeat" || Trim(payload).IsEmpty;

    /// <summary>Whether the event ends the stream: <c>[DONE]</c>, with or without blanks around it.</summary>
    public static bool IsDone(ReadOnlySpan<byte> payload) => Trim(payload).SequenceEqual("[DONE]"u8);

    /// <summary>Whether a body holds the events of a stream rather than JSON.</summary>
    public static bool BeginsStream(ReadOnlySpan<byte> body)
    {
        var text = body.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? Trim(body[3..]) : Trim(body);
        return text.StartsWith(":"u8) || text.StartsWith("data:"u8) || text.StartsWith("event:"u8) || text.StartsWith("id:"u8) || text.StartsWith("retry:"u8);
    }

    /// <summary>The same object with <c>"choices":[]</c>: clients read the array without looking whether it is there.</summary>
    public static ReadOnlyMemory<byte> WithEmptyChoices(ReadOnlyMemory<byte> payload)
    {
        var json = new Utf8JsonReader(payload.Span);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1) continue;
            var isIt = json.ValueTextEquals("choices"u8);
            json.Read();
            var start = (int)json.TokenStartIndex;
            json.Skip();
            if (isIt) return Join(payload.Span[..start], "[]"u8, payload.Span[(int)json.BytesConsumed..]);
        }

        var first = payload.Span.IndexOf((byte)'{') + 1;
        var isEmpty = payload.Span[first..].TrimStart(" \t\r\n"u8).StartsWith("}"u8);
        return Join(payload.Span[..first], Encoding.UTF8.GetBytes(isEmpty ? "\"choices\":[]" : "\"choices\":[],"), payload.Span[first..]);
    }

    private static byte[] Join(ReadOnlySpan<byte> before, ReadOnlySpan<byte> between, ReadOnlySpan<byte> after) => [.. before, .. between, .. after];

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> payload) => payload.Trim(" \t\r\n"u8);
}
