using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.ToMessages;

/// <summary>Writes the request of a chat completion as a request of Anthropic's wire.</summary>
internal static class ChatToMessages
{
    private const int MaxUserId = 256;

    /// <summary>The body.</summary>
    /// <param name="call">The call.</param>
    /// <param name="chat">The client's request.</param>
    /// <exception cref="InvalidRequestException">Anthropic's wire cannot express it, or the model does not accept it.</exception>
    public static ReadOnlyMemory<byte> Translate(ModelCall call, JsonElement chat)
    {
        MemberRules.OfChat.Check(chat, call.Model);
        var conversation = ChatConversation.Read(chat, call.Model);
        var thinking = EffortToThinking.Of(call, chat, conversation.EndsWithResults);
        return WireJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("model"u8, WireJson.ModelOf(call));
            json.WriteNumber("max_tokens"u8, call.MaxCompletionTokens);
            conversation.Write(json);
            ChatTools.Write(json, chat, call.Model, thinking);
            WriteStops(json, chat);
            WriteSampling(json, chat, call.Model, thinking);
            thinking.Write(json);
            WriteOutput(json, chat, call.Model, thinking);
            WriteTier(json, chat);
            WriteUser(json, chat);
            if (chat.Find("stream"u8) is { ValueKind: JsonValueKind.True }) json.WriteBoolean("stream"u8, true);
            json.WriteEndObject();
        });
    }

    private static void WriteStops(Utf8JsonWriter json, JsonElement chat)
    {
        if (chat.FindSet("stop"u8) is not { } given) return;
        JsonElement[] stops = given.ValueKind == JsonValueKind.Array ? [.. given.EnumerateArray()] : [given];
        if (Array.Exists(stops, stop => stop.ValueKind != JsonValueKind.String)) throw new InvalidRequestException("stop", "must be a text or an array of texts");
        stops = Array.FindAll(stops, stop => !stop.ValueEquals(""u8));
        if (Array.Exists(stops, WireJson.IsBlank))
            throw new InvalidRequestException("stop", "the provider of the model does not accept a text of white space alone. Remove it, or use another model");
        if (stops.Length == 0) return;
        json.WriteStartArray("stop_sequences"u8);
        foreach (var stop in stops) stop.WriteTo(json);
        json.WriteEndArray();
    }

    private static void WriteSampling(Utf8JsonWriter json, JsonElement chat, PricedModel model, Thinking thinking)
    {
        if (thinking.Budget is not null) RefuseBesideBudget(chat, model);
        Sampling.Write(json, chat, "temperature", model, most: 1);
        Sampling.Write(json, chat, "top_p", model);
        Sampling.Write(json, chat, "top_k", model);
    }

    private static void RefuseBesideBudget(JsonElement chat, PricedModel model)
    {
        var isDefault = chat.FindSet("temperature"u8) is not { ValueKind: JsonValueKind.Number } given || (given.TryGetDecimal(out var number) && number == 1);
        if (isDefault && chat.FindSet("top_k"u8) is null) return;
        throw new InvalidRequestException(
            isDefault ? "top_k" : "temperature", $"the model {model.Model} does not accept it together with reasoning_effort. Remove one of them");
    }

    private static void WriteOutput(Utf8JsonWriter json, JsonElement chat, PricedModel model, Thinking thinking)
    {
        var schema = SchemaIn(chat, model);
        if (schema is null && thinking.Effort is null) return;
        json.WriteStartObject("output_config"u8);
        if (thinking.Effort is { } effort) json.WriteString("effort"u8, effort);
        if (schema is { } given)
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, "json_schema"u8);
            json.WritePropertyName("schema"u8);
            given.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static JsonElement? SchemaIn(JsonElement chat, PricedModel model)
    {
        const string Field = "response_format";
        if (chat.FindSet("response_format"u8) is not { } format) return null;
        switch (format.FindText("type"u8))
        {
            case "text":
                return null;
            case "json_schema" when !model.Capabilities.StructuredOutput:
                throw new InvalidRequestException(Field, $"the model {model.Model} does not answer in a given schema. Remove it, or use another model");
            case "json_schema":
                return format.Find("json_schema"u8)?.Find("schema"u8) is { ValueKind: JsonValueKind.Object } schema
                    ? schema
                    : throw new InvalidRequestException($"{Field}.json_schema.schema", "is required");
            case "json_object":
                throw new InvalidRequestException($"{Field}.type", $"the model {model.Model} has no JSON mode without a schema. Use json_schema");
            default:
                throw new InvalidRequestException($"{Field}.type", "must be text or json_schema");
        }
    }

    private static void WriteTier(Utf8JsonWriter json, JsonElement chat)
    {
        if (chat.FindSet("service_tier"u8) is not { } tier) return;
        json.WriteString("service_tier"u8, (tier.ValueKind == JsonValueKind.String ? tier.GetString() : null) switch
        {
            "auto" => "auto",
            "default" => "standard_only",
            _ => throw new InvalidRequestException("service_tier", "the provider of the model has only auto and default"),
        });
    }

    private static void WriteUser(Utf8JsonWriter json, JsonElement chat)
    {
        var user = chat.FindText("user"u8) is { Length: > 0 } named ? named : chat.FindText("safety_identifier"u8);
        if (string.IsNullOrWhiteSpace(user)) return;
        json.WriteStartObject("metadata"u8);
        json.WriteString("user_id"u8, StorableText.Prefix(user, MaxUserId));
        json.WriteEndObject();
    }
}
