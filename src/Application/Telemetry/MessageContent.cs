using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiGateway.Application.Requests;

namespace AiGateway.Application.Telemetry;

/// <summary>Prompts and replies on a span, in the form of the conventions. Only the operator's own choice puts them there.</summary>
internal static class MessageContent
{
    // Text in a span, never part of HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void AddTo(Activity span, in EndedRequest ended)
    {
        span.SetTag(GenAi.InputMessages, Write(ended.Request.Conversation, null));
        if (ended.Reply?.Answer is not { } answer) return;

        // A stream has only its delivered text.
        var text = answer.DeliveredText.Length > 0 ? answer.DeliveredText : answer.Content;
        if (text.Length > 0) span.SetTag(GenAi.OutputMessages, Write([new ChatMessage("assistant", text)], answer.FinishReason));
    }

    private static string Write(IReadOnlyList<ChatMessage> messages, string? finishReason)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartArray();
            foreach (var message in messages)
            {
                json.WriteStartObject();
                json.WriteString("role"u8, message.Role);
                json.WriteStartArray("parts"u8);
                json.WriteStartObject();
                json.WriteString("type"u8, "text"u8);
                json.WriteString("content"u8, message.Content);
                json.WriteEndObject();
                json.WriteEndArray();
                if (finishReason is not null) json.WriteString("finish_reason"u8, finishReason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
