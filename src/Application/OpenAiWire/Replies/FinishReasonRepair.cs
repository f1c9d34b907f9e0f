using System.Text.Json;

namespace AiGateway.Application.OpenAiWire;

/// <summary>
/// Replaces finish reasons that are none of OpenAI's and that strict clients fail on. Every other byte stays. Used only where
/// the provider's profile says so.
/// </summary>
public static class FinishReasonRepair
{
    // The object, its array of choices, and the choice.
    private const int DepthOfAChoice = 3;

    /// <summary>A chunk of a stream: an empty text there means that the choice goes on.</summary>
    public static ReadOnlyMemory<byte> OfChunk(ReadOnlyMemory<byte> json) => Repair(json, "null"u8);

    /// <summary>A whole reply.</summary>
    public static ReadOnlyMemory<byte> OfReply(ReadOnlyMemory<byte> json) => Repair(json, "\"stop\""u8);

    private static ReadOnlyMemory<byte> Repair(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> forEmpty)
    {
        List<byte>? repaired = null;
        var copied = 0;
        var reader = new Utf8JsonReader(json.Span);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != DepthOfAChoice || !reader.ValueTextEquals("finish_reason"u8)) continue;
                reader.Read();
                if (reader.TokenType != JsonTokenType.String) continue;
                var isEmpty = reader.ValueTextEquals(""u8);
                if (!isEmpty && !reader.ValueTextEquals("eos"u8)) continue;
                repaired ??= new List<byte>(json.Length + 16);
                repaired.AddRange(json.Span[copied..(int)reader.TokenStartIndex]);
                repaired.AddRange(isEmpty ? forEmpty : "\"stop\""u8);
                copied = (int)reader.BytesConsumed;
            }
        }
        catch (JsonException)
        {
            return json;
        }

        if (repaired is null) return json;
        repaired.AddRange(json.Span[copied..]);
        return repaired.ToArray();
    }
}
