using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiGateway.Application.OpenAiWire;

/// <summary>
/// Puts the chunks of a streamed chat completion together, for a server that answers a plain request with a stream. One
/// instance per reply.
/// </summary>
public sealed class ReplyOfEvents
{
    private readonly SortedDictionary<int, JsonObject> _choices = [];
    private JsonObject? _reply;
    private JsonNode? _usage;

    /// <summary>Adds a chunk.</summary>
    /// <exception cref="JsonException">The chunk is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A member has an unexpected kind.</exception>
    public void Add(ReadOnlyMemory<byte> chunk)
    {
        if (JsonNode.Parse(chunk.Span) is not JsonObject root) return;
        if ((root["usage"] ?? root["x_groq"]?["usage"]) is JsonObject usage) _usage = usage.DeepClone();
        if (root["choices"] is not JsonArray choices) return;
        foreach (var choice in choices.OfType<JsonObject>()) Add(choice);
        root.Remove("choices");
        root.Remove("usage");
        _reply ??= root;
    }

    /// <summary>The whole reply; null when no chunk came.</summary>
    public ReadOnlyMemory<byte>? ToJson()
    {
        if (_reply is null) return null;
        _reply["object"] = "chat.completion";
        _reply["choices"] = new JsonArray([.. _choices.Values]);
        if (_usage is not null) _reply["usage"] = _usage;
        return JsonSerializer.SerializeToUtf8Bytes(_reply);
    }

    /// <summary>The response that the last event of a streamed response holds; null when it holds none.</summary>
    public static ReadOnlyMemory<byte>? ResponseIn(ReadOnlyMemory<byte> lastEvent)
    {
        using var json = JsonDocument.Parse(lastEvent);
        return json.RootElement.Find("response"u8) is { ValueKind: JsonValueKind.Object } response ? JsonSerializer.SerializeToUtf8Bytes(response) : null;
    }

    private void Add(JsonObject choice)
    {
        var index = IndexOf(choice);
        if (!_choices.TryGetValue(index, out var whole))
        {
            whole = new JsonObject { ["index"] = index, ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = null }, ["finish_reason"] = null };
            _choices[index] = whole;
        }

        if (choice["finish_reason"] is { } reason) whole["finish_reason"] = reason.DeepClone();
        if (choice["delta"] is JsonObject delta) Merge(whole["message"]!.AsObject(), delta);
    }

    // Texts go on, but for those that name something.
    private static void Merge(JsonObject whole, JsonObject part)
    {
        foreach (var (name, value) in part)
        {
            if (value is null) continue;
            if (name == "tool_calls" && value is JsonArray calls) MergeCalls(whole, calls);
            else if (value is JsonObject inner && whole[name] is JsonObject known) Merge(known, inner);
            else if (name is not ("role" or "id" or "type" or "name") && TextOf(value) is { } more && TextOf(whole[name]) is { } text) whole[name] = text + more;
            else whole[name] = value.DeepClone();
        }
    }

    private static void MergeCalls(JsonObject message, JsonArray parts)
    {
        if (message["tool_calls"] is not JsonArray calls) message["tool_calls"] = calls = [];
        foreach (var part in parts.OfType<JsonObject>())
        {
            var index = part["index"] is null ? calls.Count : IndexOf(part);
            part.Remove("index");
            if (index < calls.Count) Merge(calls[index]!.AsObject(), part);
            else calls.Add(part.DeepClone());
        }
    }

    private static int IndexOf(JsonObject part) => part["index"] is JsonValue value && value.TryGetValue(out int index) && index >= 0 ? index : 0;

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
