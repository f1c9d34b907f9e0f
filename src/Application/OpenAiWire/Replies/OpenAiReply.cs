using System.Text.Json;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.OpenAiWire;

/// <summary>Reads the values that the gateway uses from OpenAI's JSON; the bytes stay unchanged.</summary>
public static class OpenAiReply
{
    /// <summary>The text of the model in a reply; empty when it has none.</summary>
    public static string TextOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.Find("choices"u8) is { ValueKind: JsonValueKind.Array } choices
                ? OpenAiChoiceText.Of(choices, "message"u8, out _) ?? ""
                : "";
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // No JSON, or text with half a surrogate pair.
            return "";
        }
    }

    /// <summary>The usage of any reply, also of one that reports an error; null when it has none.</summary>
    public static TokenUsage? UsageOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return OpenAiUsage.From(json.RootElement.Find("usage"u8) ?? default);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// The reply, or null when the body is not a chat completion: not JSON, not an object, no array of choices, or an error.
    /// </summary>
    public static ModelReply? FromChatCompletion(ReadOnlyMemory<byte> body, string requestedModel)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.Find("choices"u8) is not { ValueKind: JsonValueKind.Array } choices || root.Find("error"u8).ReportsError()) return null;
            var first = choices.GetArrayLength() > 0 ? choices[0] : default;
            if (first.Find("error"u8).ReportsError()) return null;
            var message = first.Find("message"u8) ?? default;
            var told = root.Find("usage"u8) ?? default;
            var usage = OpenAiUsage.From(told);
            return new ModelReply
            {
                Model = root.FindText("model"u8) is { Length: > 0 } model ? model : requestedModel,
                Content = OpenAiChoiceText.ContentOf(message) ?? message.FindText("refusal"u8) ?? "",
                DeliveredText = usage is null ? OpenAiChoiceText.Of(choices, "message"u8, out _) ?? "" : "",
                FinishReason = first.FindText("finish_reason"u8),
                Usage = usage,
                ReportedCostNanoUsd = OpenAiUsage.CostIn(told),
                Tier = ServiceTierNames.Billed(root.Find("service_tier"u8)),
                Body = body,
            };
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // The second exception: text that is not valid UTF-8 or has half a surrogate pair.
            return null;
        }
    }
}
