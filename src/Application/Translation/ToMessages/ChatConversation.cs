using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.ToMessages;

/// <summary>
/// The messages of a chat completion as Anthropic's wire orders them: system texts apart, and the results of a turn's tool
/// calls in one user message, before any other content.
/// </summary>
internal sealed class ChatConversation
{
    private readonly List<Message> _system = [];
    private readonly List<Turn> _turns = [];
    private readonly ToolIds _ids = new();
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private string _callsField = "";

    private ChatConversation()
    {
    }

    /// <summary>Whether the last turn gives results of tool calls.</summary>
    public bool EndsWithResults => _turns is [.., { Results.Count: > 0 }];

    /// <summary>Reads and checks the messages.</summary>
    /// <exception cref="InvalidRequestException">A message has no equivalent, or the model does not accept it.</exception>
    public static ChatConversation Read(JsonElement chat, PricedModel model)
    {
        var conversation = new ChatConversation();
        foreach (var (message, field) in (chat.Find("messages"u8) ?? default).Objects("messages")) conversation.Add(new Message(message, field));
        conversation.RequireResults();
        if (conversation._turns.Count == 0) throw new InvalidRequestException("messages", "must contain a message of the user with content");
        if (!model.Traits.Prefill && conversation._turns is [.., { IsAssistant: true } last])
            throw new InvalidRequestException(last.Contents[0].Field, $"the model {model.Model} does not continue a message of the assistant. End with a message of the user");
        return conversation;
    }

    /// <summary>Writes the members <c>system</c> and <c>messages</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (_system.Exists(each => ChatParts.HasBlocks(each.Json)))
        {
            json.WriteStartArray("system"u8);
            foreach (var (message, field) in _system) ChatParts.Write(json, message, field, textOnly: true);
            json.WriteEndArray();
        }

        json.WriteStartArray("messages"u8);
        foreach (var turn in _turns)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, turn.IsAssistant ? "assistant"u8 : "user"u8);
            json.WriteStartArray("content"u8);
            foreach (var result in turn.Results) WriteResult(json, result);
            foreach (var (message, field) in turn.Contents)
            {
                ChatParts.Write(json, message, field, textOnly: turn.IsAssistant);
                if (turn.IsAssistant) WriteAssistant(json, message, field);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Add(Message message)
    {
        switch (message.Json.FindText("role"u8))
        {
            case "system" or "developer":
                _system.Add(message);
                break;
            case "user":
                if (ChatParts.HasBlocks(message.Json)) UserTurn().Contents.Add(message);
                break;
            case "assistant":
                AddAssistant(message);
                break;
            case "tool":
                AddResult(message);
                break;
            default:
                throw new InvalidRequestException($"{message.Field}.role", "must be system, developer, user, assistant or tool for this model");
        }
    }

    private void AddAssistant(Message message)
    {
        RequireResults();
        if (message.Json.FindSet("audio"u8) is not null)
            throw new InvalidRequestException($"{message.Field}.audio", "the provider of the model does not accept audio. Send its text");
        if (message.Json.FindSet("function_call"u8) is not null)
            throw new InvalidRequestException($"{message.Field}.function_call", "is not supported for this model. Write tool_calls instead");
        var calls = CallsOf(message);
        foreach (var (id, field) in calls)
        {
            if (!_open.Add(id)) throw new InvalidRequestException($"{field}.id", "another call of the message has the same id");
        }

        _callsField = $"{message.Field}.tool_calls";
        if (calls.Count == 0 && !ChatParts.HasBlocks(message.Json) && string.IsNullOrWhiteSpace(message.Json.FindText("refusal"u8))) return;
        _turns.Add(new Turn(IsAssistant: true) { HasCalls = calls.Count > 0 });
        _turns[^1].Contents.Add(message);
    }

    private void AddResult(Message message)
    {
        var id = message.Json.FindText("tool_call_id"u8);
        if (id is null || !_open.Remove(id))
            throw new InvalidRequestException($"{message.Field}.tool_call_id", "must name a call of the assistant's message before it, and each call once");
        UserTurn().Results.Add(message);
    }

    // After tool calls, everything up to the next message of the assistant is one turn: the results must stand together.
    private Turn UserTurn()
    {
        var isOpen = _turns is [.., { IsAssistant: false } last] && (last.Results.Count > 0 || _turns is [.., { HasCalls: true }, _]);
        if (!isOpen) _turns.Add(new Turn(IsAssistant: false));
        return _turns[^1];
    }

    private void RequireResults()
    {
        if (_open.Count > 0) throw new InvalidRequestException(_callsField, $"the call {_open.First()} has no result. Add a message of the role tool for it");
    }

    private static List<(string Id, string Field)> CallsOf(Message message)
    {
        var ids = new List<(string, string)>();
        if (message.Json.FindSet("tool_calls"u8) is not { } calls) return ids;
        foreach (var (call, field) in calls.Objects($"{message.Field}.tool_calls"))
        {
            if (call.FindText("type"u8) is not ("function" or null)) throw new InvalidRequestException($"{field}.type", "must be function for this model");
            ids.Add((call.FindText("id"u8) is { Length: > 0 } id ? id : throw new InvalidRequestException($"{field}.id", "is required"), field));
        }

        return ids;
    }

    private void WriteResult(Utf8JsonWriter json, Message result)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool_result"u8);
        json.WriteString("tool_use_id"u8, _ids.Of(result.Json.FindText("tool_call_id"u8)!));
        if (result.Json.FindSet("content"u8) is { ValueKind: JsonValueKind.String } text)
        {
            json.WriteString("content"u8, text.GetString());
        }
        else if (ChatParts.HasBlocks(result.Json))
        {
            json.WriteStartArray("content"u8);
            ChatParts.Write(json, result.Json, result.Field);
            json.WriteEndArray();
        }

        json.Copy(result.Json, "cache_control");
        json.WriteEndObject();
    }

    private void WriteAssistant(Utf8JsonWriter json, JsonElement message, string field)
    {
        if (message.FindText("refusal"u8) is { } refusal && !string.IsNullOrWhiteSpace(refusal)) json.WriteTextBlock(refusal);
        if (message.FindSet("tool_calls"u8) is not { } calls) return;
        foreach (var (call, each) in calls.Objects($"{field}.tool_calls"))
        {
            var function = call.Find("function"u8) ?? default;
            json.WriteStartObject();
            json.WriteString("type"u8, "tool_use"u8);
            json.WriteString("id"u8, _ids.Of(call.FindText("id"u8)!));
            json.WriteString("name"u8, function.FindText("name"u8) ?? throw new InvalidRequestException($"{each}.function.name", "is required"));
            json.WritePropertyName("input"u8);
            WriteInput(json, function, $"{each}.function.arguments");
            json.WriteEndObject();
        }
    }

    private static void WriteInput(Utf8JsonWriter json, JsonElement function, string field)
    {
        if (function.FindText("arguments"u8) is not { } text || string.IsNullOrWhiteSpace(text))
        {
            json.WriteEmptyObject();
            return;
        }

        try
        {
            using var input = JsonDocument.Parse(text);
            if (input.RootElement.ValueKind != JsonValueKind.Object) throw new InvalidRequestException(field, "must be a JSON object, written as text");
            json.WriteRawValue(text, skipInputValidation: true);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new InvalidRequestException(field, "is not valid JSON");
        }
    }

    private readonly record struct Message(JsonElement Json, string Field);

    private sealed record Turn(bool IsAssistant)
    {
        public bool HasCalls { get; init; }

        public List<Message> Results { get; } = [];

        public List<Message> Contents { get; } = [];
    }
}
