using System.Text.Json;
using AiGateway.Application.Generation;
using AiGateway.Application.OpenAiWire;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>Reads the values that the gateway uses from OpenAI's JSON; the bytes stay unchanged.</summary>
internal static class OpenAiReply
{
    /// <summary>The text of the model in a reply that was read before; empty when it has none.</summary>
    public static string TextOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.Find("choices"u8) is { ValueKind: JsonValueKind.Array } choices
                ? OpenAiChoiceText.Of(choices, "message"u8, out _) ?? ""
                : "";
        }
        catch (InvalidOperationException)
        {
            // Text with half a surrogate pair that was not read before.
            return "";
        }
    }

    /// <summary>
    /// The reply, or null when the body is not a chat completion: not JSON, not an object, no array of choices.
    /// </summary>
    public static ModelReply? FromChatCompletion(ReadOnlyMemory<byte> body, string requestedModel)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || root.Find("choices"u8) is not { ValueKind: JsonValueKind.Array } choices)
                return null;

            var first = choices.GetArrayLength() > 0 ? choices[0] : default;
            var message = first.Find("message"u8) ?? default;
            var usage = OpenAiUsage.From(root.Find("usage"u8) ?? default);
            return new ModelReply
            {
                Model = root.FindText("model"u8) is { Length: > 0 } model ? model : requestedModel,
                Content = OpenAiChoiceText.ContentOf(message) ?? message.FindText("refusal"u8) ?? "",
                DeliveredText = usage is null ? OpenAiChoiceText.Of(choices, "message"u8, out _) ?? "" : "",
                FinishReason = first.FindText("finish_reason"u8),
                Usage = usage,
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
