using System.Text.Json;
using AiGateway.Application.Generation;
using AiGateway.Application.OpenAiWire;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>Reads the values that the gateway uses from one event of a streamed response; its bytes stay unchanged.</summary>
internal static class OpenAiResponseEvent
{
    /// <inheritdoc cref="OpenAiChunk.Read"/>
    public static ChunkKind Read(ReadOnlyMemory<byte> payload, string? eventType, string? modelSoFar, out ReplyChunk chunk)
    {
        chunk = new ReplyChunk { Json = payload, EventType = eventType };
        try
        {
            using var json = JsonDocument.Parse(payload);
            var root = json.RootElement;
            var type = root.FindText("type"u8) ?? eventType;
            if (type is null) return root.Find("error"u8) is null ? ChunkKind.Malformed : ChunkKind.Error;
            if (type is "error") return ChunkKind.Error;

            var response = root.Find("response"u8) ?? default;
            chunk = chunk with
            {
                EventType = eventType ?? type,
                Text = type.EndsWith(".delta", StringComparison.Ordinal) ? root.FindText("delta"u8) : null,
                IsReasoning = type.StartsWith("response.reasoning", StringComparison.Ordinal),
                Model = response.FindText("model"u8) is { Length: > 0 } model && model != modelSoFar ? model : null,
                Usage = OpenAiUsage.From(response.Find("usage"u8) ?? default),
                Tier = ServiceTierNames.Billed(response.Find("service_tier"u8)),
                StoredId = IdOf(type, root, response),
            };
            if (type is not ("response.completed" or "response.incomplete" or "response.failed")) return ChunkKind.Part;
            chunk = chunk with { FinishReason = response.FindText("status"u8) };
            return ChunkKind.Last;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return ChunkKind.Malformed;
        }
    }

    private static string? IdOf(string type, JsonElement root, JsonElement response) => type switch
    {
        "response.created" => response.FindText("id"u8),
        "response.output_item.added" => (root.Find("item"u8) ?? default).FindText("id"u8),
        _ => null,
    };
}
