using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiGateway.Application.OpenAiWire;

/// <summary>Puts the chunks of a streamed chat completion together.</summary>
public sealed class ReplyOfEvents : IEventCollector
{
    private readonly SortedDictionary<int, JsonObject> _choices = [];
    private JsonObject? _reply;
    private JsonNode? _usage;

    /// <inheritdoc/>
    public void Add(ReadOnlyMemory<byte> json, bool isLast)
    {
        if (JsonNode.Parse(json.Span) is not JsonObject root) return;
        if ((root["usage"] ?? root["x_groq"]?["usage"]) is JsonObject usage) _usage = usage.DeepClone();
        if (root["choices"] is not JsonArray choices) return;
        foreach (var choice in choices.OfType<JsonObject>()) Add(choice);
        root.Remove("choices");
        root.Remove("usage");
        _reply ??= root;
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? ToJson()
    {
        if (_reply is null) return null;
        _reply["object"] = "chat.completion";
        _reply["choices"] = new JsonArray([.. _choices.Values]);
        if (_usage is not null) _reply["usage"] = _usage;
        return JsonSerializer.SerializeToUtf8Bytes(_reply);
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
