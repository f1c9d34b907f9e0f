using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.ToChat;

/// <summary>Writes the tools of a request of Anthropic's wire, and the choice among them, as a chat completion has them.</summary>
internal static class MessageTools
{
    /// <summary>Writes the members <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>.</summary>
    /// <exception cref="InvalidRequestException">A tool has no equivalent, or the model does not accept the choice.</exception>
    public static void Write(Utf8JsonWriter json, JsonElement request, PricedModel model)
    {
        if (request.FindSet("tools"u8) is not { } tools || (tools.ValueKind == JsonValueKind.Array && tools.GetArrayLength() == 0)) return;
        json.WriteStartArray("tools"u8);
        foreach (var (tool, field) in tools.Objects("tools")) WriteTool(json, tool, field);
        json.WriteEndArray();
        if (request.FindSet("tool_choice"u8) is { } choice) WriteChoice(json, choice, model);
    }

    private static void WriteTool(Utf8JsonWriter json, JsonElement tool, string field)
    {
        if (tool.FindText("type"u8) is not ("custom" or null))
            throw new InvalidRequestException($"{field}.type", "must be custom for this model: the tool exists only at Anthropic. Remove it");
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, tool.FindText("name"u8) ?? throw new InvalidRequestException($"{field}.name", "is required"));
        json.Copy(tool, "description");
        if (tool.FindSet("input_schema"u8) is { } schema)
        {
            json.WritePropertyName("parameters"u8);
            schema.WriteTo(json);
        }

        if (tool.Find("strict"u8) is { ValueKind: JsonValueKind.True }) json.WriteBoolean("strict"u8, true);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, JsonElement choice, PricedModel model)
    {
        var type = choice.FindText("type"u8);
        if (type is "any" or "tool" && !model.Traits.ForcedToolChoice)
            throw new InvalidRequestException("tool_choice", $"the model {model.Model} does not accept a choice that forces a tool call. Use auto");
        switch (type)
        {
            case "auto" or "none":
                json.WriteString("tool_choice"u8, type);
                break;
            case "any":
                json.WriteString("tool_choice"u8, "required"u8);
                break;
            case "tool":
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, choice.FindText("name"u8) ?? throw new InvalidRequestException("tool_choice.name", "is required"));
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            default:
                throw new InvalidRequestException("tool_choice.type", "must be auto, any, tool or none");
        }

        if (choice.Find("disable_parallel_tool_use"u8) is { ValueKind: JsonValueKind.True }) json.WriteBoolean("parallel_tool_calls"u8, false);
    }
}
