using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.Echo;

/// <summary>Writes the echo in OpenAI's JSON.</summary>
internal static class EchoReply
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string ToJsonContent(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("echo"u8, text);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static ReadOnlyMemory<byte> ToChatCompletion(ModelCall call, string content, string finishReason, TokenUsage usage)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, IdOf(call));
            json.WriteString("object"u8, "chat.completion"u8);
            json.WriteNumber("created"u8, call.Request.ReceivedAt.ToUnixTimeSeconds());
            json.WriteString("model"u8, call.Model.Model);
            json.WriteStartArray("choices"u8);
            for (var index = 0; index < call.Request.Choices; index++) WriteChoice(json, index, content, finishReason);
            json.WriteEndArray();
            WriteUsage(json, usage);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    public static string IdOf(ModelCall call) => $"chatcmpl-{call.Request.RequestId:N}";

    /// <summary>The usage as a member of the object being written.</summary>
    public static void WriteUsage(Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, usage.PromptTokens);
        json.WriteNumber("completion_tokens"u8, usage.CompletionTokens);
        json.WriteNumber("total_tokens"u8, usage.TotalTokens);
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, int index, string content, string finishReason)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, content);
        json.WriteNull("refusal"u8);
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, finishReason);
        json.WriteEndObject();
    }
}
