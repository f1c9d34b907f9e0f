using System.Buffers;
using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Application.AnthropicWire;

/// <summary>
/// Writes a call of the native API as Anthropic's JSON: only chosen values, in a fixed order. The wire has no JSON mode without a
/// schema, so the format <c>json</c> is asked for in a system text.
/// </summary>
public static class AnthropicRequest
{
    private const string JsonOnly = "Answer with one JSON object and nothing else, without a code fence.";

    /// <summary>Most tokens that <see cref="ToMessage"/> adds to the prompt of a request.</summary>
    public static long AddedTokens(ModelRequest request) => AsksForJson(request) ? JsonOnly.Length : 0;

    /// <summary>The body of a message.</summary>
    public static ReadOnlyMemory<byte> ToMessage(ModelCall call)
    {
        var request = call.Request;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, OpenAiRequest.Compact))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, call.SentModel);
            json.WriteNumber("max_tokens"u8, call.MaxCompletionTokens);
            WriteSystem(json, request);
            WriteMessages(json, request.Conversation);
            WriteOptions(json, request.Options, call.Model.Traits);
            if (request.EndUser is { } user) WriteUser(json, user);
            if (request.Stream) json.WriteBoolean("stream"u8, true);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static bool AsksForJson(ModelRequest request) => request is { Wire: null, Options.ResponseFormat: "json" };

    private static bool IsSystem(ChatMessage message) => message.Role is "system" or "developer";

    // Later ones move to the front too: not every model takes them in between. An empty text is refused by the provider.
    private static void WriteSystem(Utf8JsonWriter json, ModelRequest request)
    {
        List<string> texts = [.. request.Conversation.Where(message => IsSystem(message) && message.Content.Length > 0).Select(message => message.Content)];
        if (AsksForJson(request)) texts.Add(JsonOnly);
        if (texts.Count == 0) return;
        json.WriteStartArray("system"u8);
        foreach (var text in texts)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMessages(Utf8JsonWriter json, IReadOnlyList<ChatMessage> conversation)
    {
        json.WriteStartArray("messages"u8);
        foreach (var message in conversation)
        {
            if (IsSystem(message)) continue;
            json.WriteStartObject();
            json.WriteString("role"u8, message.Role);
            json.WriteString("content"u8, message.Content);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOptions(Utf8JsonWriter json, GenerateOptions options, ModelTraits traits)
    {
        if (traits.Sampling && options.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (traits.Sampling && options.TopP is { } topP) json.WriteNumber("top_p"u8, topP);
        if (options.Stop is not { } stops) return;
        json.WriteStartArray("stop_sequences"u8);
        foreach (var stop in stops) json.WriteStringValue(stop);
        json.WriteEndArray();
    }

    private static void WriteUser(Utf8JsonWriter json, string user)
    {
        json.WriteStartObject("metadata"u8);
        json.WriteString("user_id"u8, user);
        json.WriteEndObject();
    }
}
