using System.Text.Json;
using System.Text.Unicode;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;

namespace AiGateway.Application.AnthropicWire;

/// <summary>
/// Reads the values that the gateway uses from the events of one streamed message; their bytes stay unchanged. Pings and
/// unknown events are passed on. Events in an impossible order are malformed. One instance per stream.
/// </summary>
public sealed class AnthropicEventReader
{
    private readonly AnthropicUsage _usage = new();
    private readonly Dictionary<string, int> _toolCalls = new(StringComparer.Ordinal);
    private readonly HashSet<int> _started = [];
    private readonly HashSet<int> _open = [];
    private bool _hasBegun;
    private bool _hasStopped;
    private bool _knowsOutput;

    /// <inheritdoc cref="OpenAiChunk.Read"/>
    public ChunkKind Read(ReadOnlyMemory<byte> payload, string? eventType, string? modelSoFar, out ReplyChunk chunk)
    {
        chunk = new ReplyChunk { Json = payload, EventType = eventType };
        if (eventType is "error") return ChunkKind.Error;
        if (EventPayload.IsIdle(payload.Span, eventType: null)) return ChunkKind.Skipped;
        if (!Utf8.IsValid(payload.Span)) return ChunkKind.Malformed;
        try
        {
            using var json = JsonDocument.Parse(payload);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return ChunkKind.Skipped;
            var type = root.FindText("type"u8) ?? eventType;
            chunk = chunk with { EventType = eventType ?? type };
            return type switch
            {
                null => root.Find("error"u8).ReportsError() ? ChunkKind.Error : ChunkKind.Skipped,
                "error" => ChunkKind.Error,
                "message_start" => Begin(root, modelSoFar, ref chunk),
                "content_block_start" => BeginBlock(root, ref chunk),
                "content_block_delta" => Continue(root, ref chunk),
                "content_block_stop" => IsIndex(root, out var index) && _open.Remove(index) ? ChunkKind.Part : ChunkKind.Malformed,
                "message_delta" => Finish(root, ref chunk),
                "message_stop" => _hasBegun ? ChunkKind.Last : ChunkKind.Malformed,

                // Neither a ping nor an event of a later version is output.
                _ => ChunkKind.Opening,
            };
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return ChunkKind.Malformed;
        }
    }

    private ChunkKind Begin(JsonElement root, string? modelSoFar, ref ReplyChunk chunk)
    {
        if (_hasBegun || root.Find("message"u8) is not { ValueKind: JsonValueKind.Object } message) return ChunkKind.Malformed;
        _hasBegun = true;
        _usage.Add(message.Find("usage"u8) ?? default);
        chunk = chunk with
        {
            Model = message.FindText("model"u8) is { Length: > 0 } model && model != modelSoFar ? model : null,
            PromptUsage = _usage.Prompt,
            Tier = _usage.Tier,
            Surcharges = _usage.Surcharges,
        };
        return ChunkKind.Opening;
    }

    private ChunkKind BeginBlock(JsonElement root, ref ReplyChunk chunk)
    {
        if (!_hasBegun || _hasStopped || !IsIndex(root, out var index) || !_started.Add(index)) return ChunkKind.Malformed;
        if (root.Find("content_block"u8) is not { ValueKind: JsonValueKind.Object } block) return ChunkKind.Malformed;
        _open.Add(index);
        var tool = ContentBlock.ToolOf(block);
        chunk = chunk with
        {
            Text = ContentBlock.TextOf(block) is { Length: > 0 } text ? text : null,
            Content = ContentBlock.ContentOf(block) is { Length: > 0 } content ? content : null,
            IsReasoning = block.FindText("type"u8) is "thinking",
            ToolCalls = tool is null ? null : [tool],
        };
        if (tool is not null) _toolCalls[tool] = _toolCalls.GetValueOrDefault(tool) + 1;
        return chunk.Text is null && block.FindText("type"u8) is "text" or "thinking" ? ChunkKind.Opening : ChunkKind.Part;
    }

    private ChunkKind Continue(JsonElement root, ref ReplyChunk chunk)
    {
        if (_hasStopped || !IsIndex(root, out var index) || !_open.Contains(index)) return ChunkKind.Malformed;
        if (root.Find("delta"u8) is not { ValueKind: JsonValueKind.Object } delta) return ChunkKind.Malformed;
        switch (delta.FindText("type"u8))
        {
            case "text_delta":
                var text = delta.FindText("text"u8);
                chunk = chunk with { Text = text, Content = text };
                break;
            case "thinking_delta":
                chunk = chunk with { Text = delta.FindText("thinking"u8), IsReasoning = true };
                break;
            case "input_json_delta":
                chunk = chunk with { Text = delta.FindText("partial_json"u8) };
                break;
        }

        return ChunkKind.Part;
    }

    // The usage of a stream that goes on may still grow.
    private ChunkKind Finish(JsonElement root, ref ReplyChunk chunk)
    {
        if (!_hasBegun) return ChunkKind.Malformed;
        var usage = root.Find("usage"u8) ?? default;
        _usage.Add(usage);
        _knowsOutput |= usage.Find("output_tokens"u8) is { ValueKind: JsonValueKind.Number };
        var reason = StopReasons.ToNeutral((root.Find("delta"u8) ?? default).FindText("stop_reason"u8));
        _hasStopped |= reason is not null;
        chunk = chunk with
        {
            FinishReason = reason,
            Usage = _hasStopped && _knowsOutput ? _usage.Whole : null,
            PromptUsage = _usage.Prompt,
            Tier = _usage.Tier,
            Surcharges = _usage.Surcharges,
            ToolCalls = FurtherToolCalls(),
        };
        return ChunkKind.Part;
    }

    // Calls of which the usage tells, and no block did.
    private List<string>? FurtherToolCalls()
    {
        if (_usage.FindToolCalls() is not { Count: > 0 } told) return null;
        List<string>? further = null;
        foreach (var calls in told.GroupBy(static tool => tool, StringComparer.Ordinal))
        {
            var seen = _toolCalls.GetValueOrDefault(calls.Key);
            if (calls.Count() <= seen) continue;
            (further ??= []).AddRange(calls.Skip(seen));
            _toolCalls[calls.Key] = calls.Count();
        }

        return further;
    }

    private static bool IsIndex(JsonElement root, out int index)
    {
        index = 0;
        return root.Find("index"u8) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out index);
    }
}
