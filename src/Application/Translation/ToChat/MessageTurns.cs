using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.ToChat;

/// <summary>
/// Writes the messages of Anthropic's wire as those of a chat completion: the results of tool calls become messages of the
/// role <c>tool</c>, before the rest of their turn.
/// </summary>
internal static class MessageTurns
{
    // Claude Code puts its version and a fingerprint of the request first. It changes with every request and would keep the
    // provider's prompt cache from ever matching; Anthropic removes it, too.
    private const string Attribution = "x-anthropic-billing-header:";

    /// <summary>Writes the member <c>system</c> as the first message: its blocks are joined by line feeds.</summary>
    public static void WriteSystem(Utf8JsonWriter json, JsonElement request)
    {
        if (request.FindSet("system"u8) is not { } system) return;
        var text = system.ValueKind == JsonValueKind.String ? system.GetString()! : TextOf(system, "system", skipAttribution: true);
        if (string.IsNullOrWhiteSpace(text)) return;
        WriteMessage(json, "system", text);
    }

    /// <summary>Writes the messages.</summary>
    /// <exception cref="InvalidRequestException">A block has no equivalent.</exception>
    public static void Write(Utf8JsonWriter json, JsonElement request)
    {
        foreach (var (message, field) in (request.Find("messages"u8) ?? default).Objects("messages"))
        {
            var content = message.Find("content"u8) ?? default;
            switch (message.FindText("role"u8))
            {
                case "user" when content.ValueKind == JsonValueKind.String:
                    WriteMessage(json, "user", content.GetString());
                    break;
                case "user":
                    WriteUser(json, content, $"{field}.content");
                    break;
                case "assistant" when content.ValueKind == JsonValueKind.String:
                    WriteMessage(json, "assistant", content.GetString());
                    break;
                case "assistant":
                    WriteAssistant(json, content, $"{field}.content");
                    break;
                case "system":
                    WriteMessage(json, "system", content.ValueKind == JsonValueKind.String ? content.GetString() : TextOf(content, $"{field}.content"));
                    break;
                default:
                    throw new InvalidRequestException($"{field}.role", "must be user, assistant or system");
            }
        }
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, string? text)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, text);
        json.WriteEndObject();
    }

    private static string TextOf(JsonElement blocks, string field, bool skipAttribution = false)
    {
        var texts = new List<string>();
        foreach (var (block, each) in blocks.Objects(field))
        {
            if (block.FindText("type"u8) != "text") throw new InvalidRequestException($"{each}.type", "must be text");
            texts.Add(block.TextOf("text", each));
        }

        var skipped = skipAttribution && texts is [var first, ..] && first.StartsWith(Attribution, StringComparison.Ordinal) ? 1 : 0;
        return string.Join('\n', texts.Skip(skipped));
    }

    private static void WriteUser(Utf8JsonWriter json, JsonElement content, string field)
    {
        var parts = new List<Part>();
        foreach (var (block, each) in content.Objects(field))
        {
            if (block.FindText("type"u8) == "tool_result") WriteResult(json, block, each, parts);
        }

        foreach (var (block, each) in content.Objects(field))
        {
            if (block.FindText("type"u8) != "tool_result") parts.AddRange(MessageBlocks.Read(block, each));
        }

        if (parts.Count == 0) return;
        json.WriteStartObject();
        json.WriteString("role"u8, "user"u8);
        if (parts is [{ Text: { } only }])
        {
            json.WriteString("content"u8, only);
        }
        else
        {
            json.WriteStartArray("content"u8);
            foreach (var part in parts) part.Write(json);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    // A message of the role tool takes text alone: images and files of the result follow in the message of the user.
    private static void WriteResult(Utf8JsonWriter json, JsonElement result, string field, List<Part> rest)
    {
        var text = "";
        if (result.FindSet("content"u8) is { ValueKind: JsonValueKind.String } given)
        {
            text = given.GetString()!;
        }
        else if (result.FindSet("content"u8) is { } content)
        {
            var parts = content.Objects($"{field}.content").SelectMany(each => MessageBlocks.Read(each.Element, each.Field)).ToArray();
            text = string.Join('\n', parts.Where(part => part.Text is not null).Select(part => part.Text));
            rest.AddRange(parts.Where(part => part.Text is null));
        }

        if (text.Length == 0 && result.Find("is_error"u8) is { ValueKind: JsonValueKind.True }) text = "error";
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        json.WriteString("tool_call_id"u8, result.FindText("tool_use_id"u8) ?? throw new InvalidRequestException($"{field}.tool_use_id", "is required"));
        json.WriteString("content"u8, text);
        json.WriteEndObject();
    }

    // Thinking is left out: no other model can read it.
    private static void WriteAssistant(Utf8JsonWriter json, JsonElement content, string field)
    {
        var text = "";
        var calls = new List<(JsonElement Call, string Field)>();
        var hasText = false;
        foreach (var (block, each) in content.Objects(field))
        {
            switch (block.FindText("type"u8))
            {
                case "text":
                    (text, hasText) = (text + block.TextOf("text", each), true);
                    break;
                case "tool_use":
                    calls.Add((block, each));
                    break;
                case "thinking" or "redacted_thinking":
                    break;
                case var type:
                    throw new InvalidRequestException($"{each}.type", MessageBlocks.Refusal(type));
            }
        }

        if (!hasText && calls.Count == 0) return;
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, hasText ? text : null);
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var (call, each) in calls) WriteCall(json, call, each);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, JsonElement call, string field)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, call.FindText("id"u8) ?? throw new InvalidRequestException($"{field}.id", "is required"));
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, call.FindText("name"u8) ?? throw new InvalidRequestException($"{field}.name", "is required"));
        json.WriteString("arguments"u8, call.FindSet("input"u8)?.GetRawText() ?? "{}");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
