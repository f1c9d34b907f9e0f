using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;

namespace AiGateway.Application.OpenAiWire;

/// <summary>Writes a call as OpenAI's JSON: only chosen values, in a fixed order.</summary>
public static class OpenAiRequest
{
    // The body is JSON for a server and never part of HTML, so text beyond ASCII needs no escapes.
    internal static readonly JsonWriterOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>The body of a chat completion.</summary>
    /// <param name="call">The call.</param>
    /// <param name="profile">The server's profile.</param>
    public static ReadOnlyMemory<byte> ToChatCompletion(ModelCall call, OpenAiProfile profile)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, call.SentModel);
            WriteMessages(json, call.Request.Conversation);
            WriteOptions(json, call.Request.Options);
            if (call.Request.EndUser is { } user) json.WriteString("user"u8, user);
            if (call.Request.Choices > 1) json.WriteNumber("n"u8, call.Request.Choices);

            // Always present: without it a reply could cost more than its hold.
            if (OutputLimit.NameFor(call, profile) is { } limit) json.WriteNumber(limit, call.MaxCompletionTokens);
            if (call.Request.Stream) WriteStream(json, profile);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteMessages(Utf8JsonWriter json, IReadOnlyList<ChatMessage> conversation)
    {
        json.WriteStartArray("messages"u8);
        foreach (var message in conversation)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, message.Role);
            json.WriteString("content"u8, message.Content);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOptions(Utf8JsonWriter json, GenerateOptions options)
    {
        if (options.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (options.TopP is { } topP) json.WriteNumber("top_p"u8, topP);
        if (options.Stop is { } stops) WriteStops(json, stops);
        if (options.Seed is { } seed) json.WriteNumber("seed"u8, seed);
        if (options.FrequencyPenalty is { } frequency) json.WriteNumber("frequency_penalty"u8, frequency);
        if (options.PresencePenalty is { } presence) json.WriteNumber("presence_penalty"u8, presence);
        if (options.ResponseFormat is not "json") return;
        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, "json_object"u8);
        json.WriteEndObject();
    }

    private static void WriteStops(Utf8JsonWriter json, IReadOnlyList<string> stops)
    {
        json.WriteStartArray("stop"u8);
        foreach (var stop in stops) json.WriteStringValue(stop);
        json.WriteEndArray();
    }

    // Usage is always requested, because the ledger needs it; a client that did not ask does not see it.
    private static void WriteStream(Utf8JsonWriter json, OpenAiProfile profile)
    {
        json.WriteBoolean("stream"u8, true);
        if (!profile.SendsStreamOptions) return;
        json.WriteStartObject("stream_options"u8);
        json.WriteBoolean("include_usage"u8, true);
        json.WriteEndObject();
    }
}
