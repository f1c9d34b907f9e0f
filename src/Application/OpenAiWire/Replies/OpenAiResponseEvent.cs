using System.Text.Json;
using System.Text.Unicode;
using AiGateway.Application.Providers;

namespace AiGateway.Application.OpenAiWire;

/// <summary>Reads the values that the gateway uses from one event of a streamed response; its bytes stay unchanged.</summary>
public static class OpenAiResponseEvent
{
    /// <summary>The event that a response in progress may repeat to show that it is alive.</summary>
    public const string InProgress = "response.in_progress";

    /// <inheritdoc cref="OpenAiChunk.Read"/>
    public static ChunkKind Read(ReadOnlyMemory<byte> payload, string? eventType, string? modelSoFar, out ReplyChunk chunk)
    {
        chunk = new ReplyChunk { Json = payload, EventType = eventType };
        if (eventType is "error") return ChunkKind.Error;
        if (EventPayload.IsIdle(payload.Span, eventType)) return ChunkKind.Skipped;
        if (!Utf8.IsValid(payload.Span)) return ChunkKind.Malformed;
        try
        {
            using var json = JsonDocument.Parse(payload);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return ChunkKind.Skipped;
            var type = root.FindText("type"u8) ?? eventType;
            if (type is "error" || (type is null && root.Find("error"u8).ReportsError())) return ChunkKind.Error;
            if (type is null) return ChunkKind.Skipped;

            var response = root.Find("response"u8) ?? default;
            var usage = response.Find("usage"u8) ?? default;
            chunk = chunk with
            {
                EventType = eventType ?? type,
                Text = type.EndsWith(".delta", StringComparison.Ordinal) ? root.FindText("delta"u8) : null,
                IsReasoning = type.StartsWith("response.reasoning", StringComparison.Ordinal),
                Model = response.FindText("model"u8) is { Length: > 0 } model && model != modelSoFar ? model : null,
                Usage = OpenAiUsage.From(usage),
                ReportedCostNanoUsd = OpenAiUsage.CostIn(usage),
                Tier = ServiceTierNames.Billed(response.Find("service_tier"u8)),
                StoredId = IdOf(type, root, response),
                ToolCalls = type is "response.output_item.done" && ProviderToolCall.ToolOf(root.Find("item"u8) ?? default) is { } tool ? [tool] : null,
            };
            if (type is "response.created" or "response.queued" or InProgress or "keepalive" or "ping") return ChunkKind.Opening;
            if (type is not ("response.completed" or "response.incomplete" or "response.failed")) return ChunkKind.Part;
            chunk = chunk with { FinishReason = response.FindText("status"u8) ?? type["response.".Length..] };
            return type is "response.failed" ? ChunkKind.Failed : ChunkKind.Last;
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
