using System.Buffers;
using System.Text.Json;

namespace AiGateway.Application.OpenAiWire;

/// <summary>
/// Reasoning that only the account which wrote it can read. After a failover to another account it is left out, and the model
/// reasons once more.
/// </summary>
internal static class EncryptedReasoning
{
    /// <summary>The body of a response without such items in its input; null when it has none.</summary>
    public static ReadOnlyMemory<byte>? Without(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        if (json.RootElement.Find("input"u8) is not { ValueKind: JsonValueKind.Array } input || !input.EnumerateArray().Any(IsMeant)) return null;
        var buffer = new ArrayBufferWriter<byte>(body.Length);
        using (var writer = new Utf8JsonWriter(buffer, OpenAiRequest.Compact))
        {
            writer.WriteStartObject();
            foreach (var member in json.RootElement.EnumerateObject())
            {
                writer.WritePropertyName(member.Name);
                if (member.NameEquals("input"u8)) WriteKept(writer, input);
                else writer.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteKept(Utf8JsonWriter writer, JsonElement input)
    {
        writer.WriteStartArray();
        foreach (var item in input.EnumerateArray())
        {
            if (!IsMeant(item)) writer.WriteRawValue(item.GetRawText(), skipInputValidation: true);
        }

        writer.WriteEndArray();
    }

    private static bool IsMeant(JsonElement item) =>
        item.FindText("type"u8) == "reasoning" && item.Find("encrypted_content"u8) is { ValueKind: JsonValueKind.String };
}
