using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Translation.ToMessages;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.Replies;

/// <summary>Writes a chat completion as a message of Anthropic's wire.</summary>
internal static class CompletionToMessage
{
    /// <summary>The message.</summary>
    /// <param name="context">The call.</param>
    /// <param name="completion">The provider's chat completion.</param>
    /// <param name="usage">Its usage.</param>
    public static ReadOnlyMemory<byte> Translate(ReplyContext context, JsonElement completion, TokenUsage usage) => WireJson.Write(json =>
    {
        var choice = completion.Find("choices"u8).Elements().FirstOrDefault();
        var said = choice.Find("message"u8) ?? default;
        var id = IdOf(completion) ?? context.IdWith("msg_");
        json.WriteStartObject();
        WriteHead(json, id, completion.FindText("model"u8) is { Length: > 0 } model ? model : context.Call.Model.Model);
        json.WriteStartArray("content"u8);
        if (ReasoningOf(said) is { Length: > 0 } thinking) WriteThinking(json, thinking);
        var refusal = said.FindText("refusal"u8);
        if (OpenAiChoiceText.ContentOf(said) + refusal is { Length: > 0 } text) json.WriteTextBlock(text);
        var calls = WriteCalls(json, said, id);
        json.WriteEndArray();
        var stop = string.IsNullOrEmpty(refusal) ? StopReasons.ToStopReason(choice.FindText("finish_reason"u8), calls > 0) : "refusal";
        WriteStop(json, stop, StopSequences.Find(context.Call, choice));
        WireUsage.WriteOfMessage(json, usage);
        json.WriteEndObject();
    });

    /// <summary>The members of a message before its content.</summary>
    public static void WriteHead(Utf8JsonWriter json, string id, string model)
    {
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("model"u8, model);
    }

    /// <summary>The members that say why the model stopped.</summary>
    public static void WriteStop(Utf8JsonWriter json, string stopReason, string? sequence)
    {
        json.WriteString("stop_reason"u8, stopReason == "end_turn" && sequence is not null ? "stop_sequence" : stopReason);
        json.WriteString("stop_sequence"u8, stopReason == "end_turn" ? sequence : null);
    }

    /// <summary>The id of a reply; null: none, or an empty one.</summary>
    public static string? IdOf(JsonElement reply) => reply.FindText("id"u8) is { Length: > 0 } id ? id : null;

    /// <summary>Visible reasoning, by the names that compatible servers use.</summary>
    public static string? ReasoningOf(JsonElement said) => said.FindText("reasoning_content"u8) is { Length: > 0 } text ? text : said.FindText("reasoning"u8);

    /// <summary>The id of a tool call whose server gives none.</summary>
    public static string CallId(string replyId, int call) => $"call_{ToolIds.Clean(replyId)}_{call}";

    private static void WriteThinking(Utf8JsonWriter json, string thinking)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "thinking"u8);
        json.WriteString("thinking"u8, thinking);
        json.WriteString("signature"u8, ""u8);
        json.WriteEndObject();
    }

    private static int WriteCalls(Utf8JsonWriter json, JsonElement said, string replyId)
    {
        var count = 0;
        foreach (var call in said.Find("tool_calls"u8).Elements())
            WriteCall(json, IdOf(call) ?? CallId(replyId, count), call.Find("function"u8) ?? default, count++);
        if (count == 0 && said.Find("function_call"u8) is { ValueKind: JsonValueKind.Object } function) WriteCall(json, CallId(replyId, 0), function, count++);
        return count;
    }

    private static void WriteCall(Utf8JsonWriter json, string id, JsonElement function, int at)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool_use"u8);
        json.WriteString("id"u8, id);
        json.WriteString("name"u8, function.FindText("name"u8) ?? $"tool_{at}");
        json.WritePropertyName("input"u8);
        WriteInput(json, function.FindText("arguments"u8));
        json.WriteEndObject();
    }

    // Arguments that are no object are handed on as a member: the client's schema refuses it, and the model sees its fault.
    private static void WriteInput(Utf8JsonWriter json, string? arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            json.WriteEmptyObject();
            return;
        }

        try
        {
            using var input = JsonDocument.Parse(arguments);
            if (input.RootElement.ValueKind == JsonValueKind.Object)
            {
                json.WriteRawValue(arguments, skipInputValidation: true);
                return;
            }
        }
        catch (JsonException)
        {
            // The model reached its output limit within the call, or wrote no JSON.
        }

        json.WriteStartObject();
        json.WriteString("arguments"u8, arguments);
        json.WriteEndObject();
    }
}

/// <summary>The stop sequence that ended a reply. OpenAI does not tell it; some compatible servers do.</summary>
internal static class StopSequences
{
    /// <summary>The sequence; null: none, or unknown.</summary>
    public static string? Find(Providers.ModelCall call, JsonElement choice)
    {
        if (choice.FindText("stop_reason"u8) is not { Length: > 0 } told || call.Wire is not { } wire) return null;
        using var request = JsonDocument.Parse(wire.Body);
        var stops = request.RootElement.Find("stop"u8);
        return stops.Elements().Any(stop => stop.ValueKind == JsonValueKind.String && stop.ValueEquals(told)) ? told : null;
    }
}
