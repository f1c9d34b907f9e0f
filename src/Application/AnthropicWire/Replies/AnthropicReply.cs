using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.AnthropicWire;

/// <summary>Reads the values that the gateway uses from a message; the bytes stay unchanged.</summary>
public static class AnthropicReply
{
    /// <summary>The reply, or null when the body is not a message: not JSON, no array of content, or an error.</summary>
    public static ModelReply? FromMessage(ReadOnlyMemory<byte> body, string requestedModel)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.Find("content"u8) is not { ValueKind: JsonValueKind.Array } content || root.Find("error"u8).ReportsError()) return null;
            var told = new AnthropicUsage();
            told.Add(root.Find("usage"u8) ?? default);
            return new ModelReply
            {
                Model = root.FindText("model"u8) is { Length: > 0 } model ? model : requestedModel,
                Content = string.Concat(content.EnumerateArray().Select(ContentBlock.ContentOf)),
                DeliveredText = told.Whole is null ? TextOf(content) : "",
                FinishReason = StopReasons.ToNeutral(root.FindText("stop_reason"u8)),
                Usage = told.Whole,
                Tier = told.Tier,
                Surcharges = told.Surcharges,
                ToolCalls = told.FindToolCalls() ?? [.. content.EnumerateArray().Select(ContentBlock.ToolOf).OfType<string>()],
                Body = body,
            };
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // The second exception: text that is not valid UTF-8 or has half a surrogate pair.
            return null;
        }
    }

    /// <summary>The text of the model in a message, thinking and tool calls included; empty when it has none.</summary>
    public static string TextOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.Find("content"u8) is { ValueKind: JsonValueKind.Array } content ? TextOf(content) : "";
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    /// <summary>The usage of any reply, also of one that reports an error; null when it has none.</summary>
    public static TokenUsage? UsageOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var told = new AnthropicUsage();
            told.Add(json.RootElement.Find("usage"u8) ?? default);
            return told.Whole;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The provider's answer to a request that costs nothing; null when it is not a JSON object, or an error.</summary>
    public static ModelReply? FromFree(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && !json.RootElement.Find("error"u8).ReportsError()
                ? new ModelReply { Model = "", Body = body }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string TextOf(JsonElement content) => string.Concat(content.EnumerateArray().Select(ContentBlock.TextOf));
}
