using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.ToChat;

/// <summary>Writes a request of Anthropic's wire as the request of a chat completion.</summary>
internal static class MessagesToChat
{
    private const int MostStops = 4;

    /// <summary>The body.</summary>
    /// <param name="call">The call.</param>
    /// <param name="request">The client's request.</param>
    /// <exception cref="InvalidRequestException">A chat completion cannot express it, or the model does not accept it.</exception>
    public static ReadOnlyMemory<byte> Translate(ModelCall call, JsonElement request)
    {
        MemberRules.OfMessages.Check(request, call.Model);
        RefuseCompaction(request);
        RequireContinuable(request, call.Model);
        return WireJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("model"u8, WireJson.ModelOf(call));
            json.WriteStartArray("messages"u8);
            MessageTurns.WriteSystem(json, request);
            MessageTurns.Write(json, request);
            json.WriteEndArray();
            json.WriteNumber(OutputLimit.Older, call.MaxCompletionTokens);
            MessageTools.Write(json, request, call.Model);
            WriteStops(json, request);
            Sampling.Write(json, request, "temperature", call.Model);
            Sampling.Write(json, request, "top_p", call.Model);
            if (ThinkingToEffort.Of(request, call.Model) is { } effort) json.WriteString("reasoning_effort"u8, effort);
            WriteFormat(json, request, call.Model);
            WriteTier(json, request);
            if (request.Find("stream"u8) is { ValueKind: JsonValueKind.True }) json.WriteBoolean("stream"u8, true);
            json.WriteEndObject();
        });
    }

    private static void RefuseCompaction(JsonElement request)
    {
        foreach (var edit in request.Find("context_management"u8)?.Find("edits"u8).Elements() ?? [])
        {
            if (edit.FindText("type"u8)?.StartsWith("clear_", StringComparison.Ordinal) == true) continue;
            throw new InvalidRequestException("context_management.edits", "may only clear tool uses and thinking for this model");
        }
    }

    private static void RequireContinuable(JsonElement request, PricedModel model)
    {
        if (model.Traits.Prefill || request.Find("messages"u8) is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0) return;
        var last = messages.GetArrayLength() - 1;
        if (messages[last].FindText("role"u8) == "assistant")
            throw new InvalidRequestException($"messages[{last}]", $"the model {model.Model} does not continue a message of the assistant. End with a message of the user");
    }

    private static void WriteStops(Utf8JsonWriter json, JsonElement request)
    {
        if (request.FindSet("stop_sequences"u8) is not { } stops) return;
        if (stops.ValueKind != JsonValueKind.Array) throw new InvalidRequestException("stop_sequences", "must be an array of texts");
        if (stops.GetArrayLength() > MostStops) throw new InvalidRequestException("stop_sequences", $"must hold at most {MostStops} texts for this model");
        if (stops.GetArrayLength() == 0) return;
        json.WritePropertyName("stop"u8);
        stops.WriteTo(json);
    }

    private static void WriteFormat(Utf8JsonWriter json, JsonElement request, PricedModel model)
    {
        var format = request.Find("output_config"u8)?.FindSet("format"u8) ?? request.FindSet("output_format"u8);
        if (format is not { } given) return;
        if (given.FindText("type"u8) != "json_schema" || given.Find("schema"u8) is not { ValueKind: JsonValueKind.Object } schema)
            throw new InvalidRequestException("output_config.format", "must be a json_schema with its schema");
        if (!model.Capabilities.StructuredOutput)
            throw new InvalidRequestException("output_config.format", $"the model {model.Model} does not answer in a given schema. Remove it, or use another model");
        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, "json_schema"u8);
        json.WriteStartObject("json_schema"u8);
        json.WriteString("name"u8, "response"u8);
        json.WriteBoolean("strict"u8, true);
        json.WritePropertyName("schema"u8);
        schema.WriteTo(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTier(Utf8JsonWriter json, JsonElement request)
    {
        if (request.FindSet("service_tier"u8) is not { } tier) return;
        json.WriteString("service_tier"u8, (tier.ValueKind == JsonValueKind.String ? tier.GetString() : null) switch
        {
            "auto" => "auto",
            "standard_only" => "default",
            _ => throw new InvalidRequestException("service_tier", "must be auto or standard_only"),
        });
    }
}
