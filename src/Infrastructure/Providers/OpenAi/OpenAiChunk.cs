using System.Text.Json;
using AiGateway.Application.Generation;
using AiGateway.Application.OpenAiWire;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>The kind of an event of a stream.</summary>
internal enum ChunkKind
{
    /// <summary>A part of the reply.</summary>
    Part,

    /// <summary>The last part of the reply.</summary>
    Last,

    /// <summary>The provider's report of a failure.</summary>
    Error,

    /// <summary>An event that the gateway does not understand.</summary>
    Malformed,
}

/// <summary>Reads the values that the gateway uses from one event of a stream; its bytes stay unchanged.</summary>
internal static class OpenAiChunk
{
    /// <param name="payload">The event's bytes.</param>
    /// <param name="eventType">The event's name; null for plain ones.</param>
    /// <param name="modelSoFar">The model so far; only a different model is reported again.</param>
    /// <param name="chunk">The part of the reply.</param>
    public static ChunkKind Read(ReadOnlyMemory<byte> payload, string? eventType, string? modelSoFar, out ReplyChunk chunk)
    {
        chunk = new ReplyChunk { Json = payload, EventType = eventType };
        if (eventType is "error") return ChunkKind.Error;
        try
        {
            using var json = JsonDocument.Parse(payload);
            var root = json.RootElement;
            if (root.Find("error"u8) is { ValueKind: not JsonValueKind.Null }) return ChunkKind.Error;
            if (root.Find("choices"u8) is not { ValueKind: JsonValueKind.Array } choices) return ChunkKind.Malformed;

            var usage = root.Find("usage"u8);
            chunk = chunk with
            {
                Text = OpenAiChoiceText.Of(choices, "delta"u8, out var isReasoning),
                IsReasoning = isReasoning,
                Content = ContentOf(choices),
                FinishReason = FinishReasonOf(choices),
                Usage = OpenAiUsage.From(usage ?? default),
                Model = ModelOf(root, modelSoFar),
                Tier = ServiceTierNames.Billed(root.Find("service_tier"u8)),
                IsUsageOnly = choices.GetArrayLength() == 0 && usage is { ValueKind: JsonValueKind.Object },
            };
            return ChunkKind.Part;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return ChunkKind.Malformed;
        }
    }

    private static string? ModelOf(JsonElement root, string? modelSoFar) =>
        root.Find("model"u8) is { ValueKind: JsonValueKind.String } model && !model.ValueEquals(modelSoFar) && !model.ValueEquals("")
            ? model.GetString()
            : null;

    private static string? FinishReasonOf(JsonElement choices)
    {
        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.FindText("finish_reason"u8) is { } reason) return reason;
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
