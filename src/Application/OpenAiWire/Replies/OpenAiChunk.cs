using System.Text.Json;
using System.Text.Unicode;
using AiGateway.Application.Providers;

namespace AiGateway.Application.OpenAiWire;

/// <summary>Reads the values that the gateway uses from one event of a stream; its bytes stay unchanged.</summary>
public static class OpenAiChunk
{
    /// <summary>
    /// An object without an array of choices is skipped, because clients fail on it. Its usage is kept: the event then has an
    /// empty array.
    /// </summary>
    /// <param name="payload">The event's bytes.</param>
    /// <param name="eventType">The event's name; null for plain ones.</param>
    /// <param name="modelSoFar">The model so far; only a different model is reported again.</param>
    /// <param name="chunk">The part of the reply.</param>
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
            if (root.Find("error"u8).ReportsError()) return ChunkKind.Error;
            if (root.ValueKind != JsonValueKind.Object) return ChunkKind.Skipped;

            var usage = UsageIn(root);
            var hasChoices = root.Find("choices"u8) is { ValueKind: JsonValueKind.Array };
            if (!hasChoices && usage.ValueKind != JsonValueKind.Object) return ChunkKind.Skipped;
            chunk = chunk with
            {
                Usage = OpenAiUsage.From(usage),
                ReportedCostNanoUsd = OpenAiUsage.CostIn(usage),
                Model = ModelOf(root, modelSoFar),
                Tier = ServiceTierNames.Billed(root.Find("service_tier"u8)),
            };
            if (hasChoices) return ReadChoices(root.GetProperty("choices"u8), usage, ref chunk);
            chunk = chunk with { Json = EventPayload.WithEmptyChoices(payload), IsUsageOnly = true };
            return ChunkKind.Part;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return ChunkKind.Malformed;
        }
    }

    private static ChunkKind ReadChoices(JsonElement choices, JsonElement usage, ref ReplyChunk chunk)
    {
        if (HasError(choices)) return ChunkKind.Error;
        var isEmpty = choices.GetArrayLength() == 0;
        chunk = chunk with
        {
            Text = OpenAiChoiceText.Of(choices, "delta"u8, out var isReasoning),
            IsReasoning = isReasoning,
            Content = ContentOf(choices),
            FinishReason = FinishReasonOf(choices),
            IsUsageOnly = isEmpty && usage.ValueKind == JsonValueKind.Object,
        };
        return isEmpty && !chunk.IsUsageOnly ? ChunkKind.Opening : ChunkKind.Part;
    }

    // Groq's own member is used where the usual one is missing.
    private static JsonElement UsageIn(JsonElement root) => root.Find("usage"u8) is { ValueKind: JsonValueKind.Object } usage
        ? usage
        : (root.Find("x_groq"u8) ?? default).Find("usage"u8) ?? default;

    private static bool HasError(JsonElement choices)
    {
        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.Find("error"u8).ReportsError()) return true;
        }

        return false;
    }

    private static string? ModelOf(JsonElement root, string? modelSoFar) =>
        root.Find("model"u8) is { ValueKind: JsonValueKind.String } model && !model.ValueEquals(modelSoFar) && !model.ValueEquals("")
            ? model.GetString()
            : null;

    // An empty text at every chunk is no reason to stop.
    private static string? FinishReasonOf(JsonElement choices)
    {
        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.FindText("finish_reason"u8) is { Length: > 0 } reason) return reason;
        }

        return null;
    }

    private static string? ContentOf(JsonElement choices)
    {
        foreach (var choice in choices.EnumerateArray())
        {
            var isFirst = choice.Find("index"u8) is not { ValueKind: JsonValueKind.Number } index || (index.TryGetInt32(out var place) && place == 0);
            if (isFirst && choice.Find("delta"u8)?.FindText("content"u8) is { Length: > 0 } content) return content;
        }

        return null;
    }
}
