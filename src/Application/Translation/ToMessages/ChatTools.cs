using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.ToMessages;

/// <summary>Writes the tools of a chat completion, and the choice among them, in Anthropic's wire.</summary>
internal static class ChatTools
{
    /// <summary>Writes the members <c>tools</c> and <c>tool_choice</c>.</summary>
    /// <exception cref="InvalidRequestException">A tool or the choice has no equivalent, or the model does not accept it.</exception>
    public static void Write(Utf8JsonWriter json, JsonElement chat, PricedModel model, Thinking thinking)
    {
        var choice = Choice.Read(chat);
        if (choice.IsForced) RequireForced(model, thinking);
        if (chat.FindSet("tools"u8) is not { } tools || (tools.ValueKind == JsonValueKind.Array && tools.GetArrayLength() == 0))
        {
            if (choice.IsForced) throw new InvalidRequestException("tool_choice", "needs tools");
            return;
        }

        json.WriteStartArray("tools"u8);
        foreach (var (tool, field) in tools.Objects("tools"))
        {
            if (choice.Allowed is null || choice.Allowed.Contains(NameOf(tool))) WriteTool(json, tool, field);
        }

        json.WriteEndArray();
        WriteChoice(json, choice, isParallel: chat.Find("parallel_tool_calls"u8) is not { ValueKind: JsonValueKind.False });
    }

    private static void RequireForced(PricedModel model, Thinking thinking)
    {
        if (!model.Traits.ForcedToolChoice)
            throw new InvalidRequestException("tool_choice", $"the model {model.Model} does not accept a choice that forces a tool call. Use auto");
        if (thinking.Budget is not null)
            throw new InvalidRequestException("tool_choice", $"the model {model.Model} does not accept a forced tool call together with reasoning_effort. Remove one of them");
    }

    private static string NameOf(JsonElement tool) => tool.Find("function"u8)?.FindText("name"u8) ?? "";

    private static void WriteTool(Utf8JsonWriter json, JsonElement tool, string field)
    {
        if (tool.FindText("type"u8) is not ("function" or null) || tool.Find("function"u8) is not { ValueKind: JsonValueKind.Object } function)
            throw new InvalidRequestException($"{field}.type", "must be function for this model");
        json.WriteStartObject();
        json.WriteString("name"u8, function.FindText("name"u8) ?? throw new InvalidRequestException($"{field}.function.name", "is required"));
        json.Copy(function, "description");
        WriteSchema(json, function, $"{field}.function.parameters");
        if (function.Find("strict"u8) is { ValueKind: JsonValueKind.True }) json.WriteBoolean("strict"u8, true);
        json.Copy(tool, "cache_control");
        json.WriteEndObject();
    }

    // Anthropic's wire wants a schema, and its type.
    private static void WriteSchema(Utf8JsonWriter json, JsonElement function, string field)
    {
        var given = function.FindSet("parameters"u8);
        if (given is { ValueKind: not JsonValueKind.Object }) throw new InvalidRequestException(field, "must be an object");
        json.WriteStartObject("input_schema"u8);
        if (given?.FindSet("type"u8) is null) json.WriteString("type"u8, "object"u8);
        if (given is { } schema)
        {
            foreach (var member in schema.EnumerateObject())
            {
                if (!member.NameEquals("type"u8) || member.Value.ValueKind != JsonValueKind.Null) member.WriteTo(json);
            }
        }
        else
        {
            json.WritePropertyName("properties"u8);
            json.WriteEmptyObject();
        }

        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, Choice choice, bool isParallel)
    {
        if (choice.Type is null && isParallel) return;
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, choice.Type ?? "auto");
        if (choice.Name is { } name) json.WriteString("name"u8, name);
        if (!isParallel && choice.Type != "none") json.WriteBoolean("disable_parallel_tool_use"u8, true);
        json.WriteEndObject();
    }

    private readonly record struct Choice(string? Type, string? Name = null, HashSet<string>? Allowed = null)
    {
        public bool IsForced => Type is "any" or "tool";

        public static Choice Read(JsonElement chat)
        {
            if (chat.FindSet("tool_choice"u8) is not { } given) return default;
            if (given.ValueKind == JsonValueKind.String) return new(OfMode(given.GetString(), "tool_choice"));
            return given.FindText("type"u8) switch
            {
                "function" => new("tool", given.Find("function"u8)?.FindText("name"u8) ?? throw new InvalidRequestException("tool_choice.function.name", "is required")),
                "allowed_tools" => OfAllowed(given.Find("allowed_tools"u8) ?? given),
                _ => throw new InvalidRequestException("tool_choice.type", "must be function or allowed_tools for this model"),
            };
        }

        private static Choice OfAllowed(JsonElement allowed) => new(
            OfMode(allowed.FindText("mode"u8), "tool_choice.allowed_tools.mode"),
            Allowed: [.. allowed.Find("tools"u8).Elements().Select(NameOf)]);

        private static string OfMode(string? mode, string field) => mode switch
        {
            "auto" => "auto",
            "none" => "none",
            "required" => "any",
            _ => throw new InvalidRequestException(field, "must be auto, none or required"),
        };
    }
}
