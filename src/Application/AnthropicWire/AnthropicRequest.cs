using System.Buffers;
using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Application.AnthropicWire;

/// <summary>Writes a call of the native API as Anthropic's JSON: only chosen values, in a fixed order.</summary>
public static class AnthropicRequest
{
    private const string Sampling = "the model decides about sampling itself and accepts no other value than 1. Leave it out";

    /// <summary>
    /// Refuses what the wire cannot say or the model does not accept. What changes no answer for certain, such as
    /// <c>seed</c>, is left out of the request instead.
    /// </summary>
    /// <param name="request">The request of the native API.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidRequestException">It names the member.</exception>
    public static void Require(ModelRequest request, PricedModel model)
    {
        var options = request.Options;
        var conversation = request.Conversation;
        if (options.Temperature is not (null or 1) && !model.Traits.Sampling) throw Refused("options.temperature", Sampling);
        if (options.TopP is not (null or 1) && !model.Traits.Sampling) throw Refused("options.topP", Sampling);
        if (options.Temperature > 1) throw Refused("options.temperature", "must be at most 1 for this model");
        if (options.FrequencyPenalty is not (null or 0)) throw Refused("options.frequencyPenalty", "is not supported by this model's provider. Leave it out");
        if (options.PresencePenalty is not (null or 0)) throw Refused("options.presencePenalty", "is not supported by this model's provider. Leave it out");
        if (options.ResponseFormat is "json") throw Refused("options.responseFormat", "json is not supported by this model's provider. Ask for JSON in the prompt, or use another model");
        if (options.Stop?.Any(string.IsNullOrWhiteSpace) == true) throw Refused("options.stop", "must hold more than white space for this model");
        if (request.Choices > 1) throw Refused("n", "must be 1 for this model");
        if (conversation.Any(message => message.Role == "tool")) throw Refused("messages", "the role tool is not supported by this model's provider");
        if (!conversation.Any(message => !IsSystem(message))) throw Refused("messages", "must hold a message of the user");
        if (conversation[^1].Role == "assistant" && !model.Traits.Prefill) throw Refused("messages", "must end with a message of the user for this model");
    }

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
            WriteSystem(json, request.Conversation);
            WriteMessages(json, request.Conversation);
            WriteOptions(json, request.Options, call.Model.Traits);
            if (request.EndUser is { } user) WriteUser(json, user);
            if (request.Stream) json.WriteBoolean("stream"u8, true);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static bool IsSystem(ChatMessage message) => message.Role is "system" or "developer";

    // Later ones move to the front too: not every model takes them in between. An empty text is refused by the provider.
    private static void WriteSystem(Utf8JsonWriter json, IReadOnlyList<ChatMessage> conversation)
    {
        if (!conversation.Any(message => IsSystem(message) && message.Content.Length > 0)) return;
        json.WriteStartArray("system"u8);
        foreach (var message in conversation)
        {
            if (!IsSystem(message) || message.Content.Length == 0) continue;
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, message.Content);
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

    private static InvalidRequestException Refused(string field, string problem) => new(field, problem);
}
