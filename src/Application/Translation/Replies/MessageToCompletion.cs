using System.Text;
using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.Replies;

/// <summary>Writes a message of Anthropic's wire as a chat completion.</summary>
internal static class MessageToCompletion
{
    /// <summary>The chat completion.</summary>
    /// <param name="context">The call.</param>
    /// <param name="message">The provider's message.</param>
    /// <param name="usage">Its usage; null: it has none.</param>
    public static ReadOnlyMemory<byte> Translate(ReplyContext context, JsonElement message, TokenUsage? usage) => WireJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("id"u8, message.FindText("id"u8) ?? context.IdWith("chatcmpl-"));
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, context.CreatedAt);
        json.WriteString("model"u8, message.FindText("model"u8) ?? context.Call.Model.Model);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        WriteMessage(json, message.Find("content"u8));
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, StopReasons.ToFinishReason(message.FindText("stop_reason"u8)));
        json.WriteEndObject();
        json.WriteEndArray();
        if (usage is { } given) WireUsage.WriteOfChat(json, given);
        json.WriteEndObject();
    });

    private static void WriteMessage(Utf8JsonWriter json, JsonElement? blocks)
    {
        var text = new StringBuilder();
        var thinking = new StringBuilder();
        var calls = new List<JsonElement>();
        foreach (var block in blocks.Elements())
        {
            switch (block.FindText("type"u8))
            {
                case "text":
                    text.Append(block.FindText("text"u8));
                    break;
                case "thinking":
                    thinking.Append(block.FindText("thinking"u8));
                    break;
                case "tool_use":
                    calls.Add(block);
                    break;
            }
        }

        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, text.Length == 0 && calls.Count > 0 ? null : text.ToString());
        if (thinking.Length > 0) json.WriteString("reasoning_content"u8, thinking.ToString());
        json.WriteNull("refusal"u8);
        if (calls.Count > 0) WriteCalls(json, calls);
        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, List<JsonElement> calls)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.FindText("id"u8));
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.FindText("name"u8));
            json.WriteString("arguments"u8, call.FindSet("input"u8)?.GetRawText() ?? "{}");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
