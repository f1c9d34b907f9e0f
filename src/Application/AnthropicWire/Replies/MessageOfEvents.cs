using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiGateway.Application.OpenAiWire;

namespace AiGateway.Application.AnthropicWire;

/// <summary>Puts the events of a streamed message together.</summary>
public sealed class MessageOfEvents : IEventCollector
{
    private readonly SortedDictionary<int, JsonObject> _blocks = [];
    private readonly Dictionary<int, StringBuilder> _inputs = [];
    private JsonObject? _message;

    /// <inheritdoc/>
    public void Add(ReadOnlyMemory<byte> json, bool isLast)
    {
        if (JsonNode.Parse(json.Span) is not JsonObject root) return;
        switch (TextOf(root["type"]))
        {
            case "message_start":
                _message = Taken(root, "message") as JsonObject;
                break;
            case "content_block_start" when Taken(root, "content_block") is JsonObject block:
                _blocks[IndexOf(root)] = block;
                break;
            case "content_block_delta" when root["delta"] is JsonObject delta && _blocks.TryGetValue(IndexOf(root), out var block):
                Append(block, delta, IndexOf(root));
                break;
            case "message_delta" when _message is not null:
                Merge(_message, root["delta"] as JsonObject);
                if (_message["usage"] is not JsonObject) _message["usage"] = new JsonObject();
                Merge(_message["usage"]!.AsObject(), root["usage"] as JsonObject);
                break;
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? ToJson()
    {
        if (_message is null) return null;
        foreach (var (index, text) in _inputs)
        {
            if (text.Length > 0) _blocks[index]["input"] = JsonNode.Parse(text.ToString());
        }

        _message["content"] = new JsonArray([.. _blocks.Values]);
        return JsonSerializer.SerializeToUtf8Bytes(_message);
    }

    private void Append(JsonObject block, JsonObject delta, int index)
    {
        switch (TextOf(delta["type"]))
        {
            case "text_delta":
                Append(block, "text", delta);
                break;
            case "thinking_delta":
                Append(block, "thinking", delta);
                break;
            case "signature_delta":
                Append(block, "signature", delta);
                break;
            case "input_json_delta":
                if (!_inputs.TryGetValue(index, out var input)) _inputs[index] = input = new StringBuilder();
                input.Append(TextOf(delta["partial_json"]));
                break;
            case "citations_delta":
                if (block["citations"] is not JsonArray citations) block["citations"] = citations = [];
                citations.Add(Taken(delta, "citation"));
                break;
        }
    }

    private static void Append(JsonObject block, string name, JsonObject delta) => block[name] = TextOf(block[name]) + TextOf(delta[name]);

    // A null changes nothing.
    private static void Merge(JsonObject whole, JsonObject? part)
    {
        foreach (var (name, value) in part ?? [])
        {
            if (value is not null) whole[name] = value.DeepClone();
        }
    }

    private static JsonNode? Taken(JsonObject parent, string name)
    {
        var node = parent[name];
        parent.Remove(name);
        return node;
    }

    private static int IndexOf(JsonObject root) => root["index"] is JsonValue value && value.TryGetValue(out int index) ? index : 0;

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
