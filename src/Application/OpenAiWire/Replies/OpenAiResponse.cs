using System.Text.Json;
using AiGateway.Application.Providers;

namespace AiGateway.Application.OpenAiWire;

/// <summary>Reads the values that the gateway uses from a response of the Responses API; the bytes stay unchanged.</summary>
public static class OpenAiResponse
{
    /// <summary>The reply, or null when the body is not a response: not JSON, not an object, no array of output.</summary>
    public static ModelReply? From(ReadOnlyMemory<byte> body, string requestedModel)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.Find("output"u8) is not { ValueKind: JsonValueKind.Array } output) return null;
            var usage = root.Find("usage"u8) ?? default;
            return new ModelReply
            {
                Model = root.FindText("model"u8) is { Length: > 0 } model ? model : requestedModel,
                DeliveredText = TextOf(output),
                FinishReason = root.FindText("status"u8),
                Usage = OpenAiUsage.From(usage),
                ReportedCostNanoUsd = OpenAiUsage.CostIn(usage),
                Tier = ServiceTierNames.Billed(root.Find("service_tier"u8)),
                StoredIds = IdsOf(root, output),
                ToolCalls = [.. output.EnumerateArray().Select(ProviderToolCall.ToolOf).OfType<string>()],
                Body = body,
            };
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The provider's reply about a stored response; null when it is not a JSON object.</summary>
    public static ModelReply? FromStored(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object ? new ModelReply { Model = "", Body = body } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The text of the model, tool calls and visible reasoning included, for counting a reply without usage.
    private static string TextOf(JsonElement output) => string.Concat(output.EnumerateArray().Select(item =>
        item.FindText("name"u8) + item.FindText("arguments"u8) + item.FindText("input"u8) + PartsOf(item, "content"u8) + PartsOf(item, "summary"u8)));

    private static string PartsOf(JsonElement item, ReadOnlySpan<byte> name) => item.Find(name) is { ValueKind: JsonValueKind.Array } parts
        ? string.Concat(parts.EnumerateArray().Select(part => part.FindText("text"u8) ?? part.FindText("refusal"u8)))
        : "";

    private static List<string> IdsOf(JsonElement root, JsonElement output)
    {
        var ids = new List<string>();
        if (root.FindText("id"u8) is { } own) ids.Add(own);
        foreach (var item in output.EnumerateArray())
        {
            if (item.FindText("id"u8) is { } id) ids.Add(id);
        }

        return ids;
    }
}
