using System.Text.Json;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn.Chat;

/// <summary>Reads the messages of a chat completion.</summary>
internal sealed class MessageReader
{
    private const int LowDetailTokens = 85;
    private const int HighDetailTokens = 765;
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool", "function"];

    private readonly List<Turn> _turns = [];
    private readonly HashSet<string> _openCalls = [];

    private MessageReader()
    {
    }

    public IReadOnlyList<Turn> Turns => _turns;

    public long ImageTokens { get; private set; }

    public static MessageReader Read(Fields fields)
    {
        if (fields.List("messages") is not { Count: > 0 } messages)
            throw Refusal.Of("messages", "'messages' must hold at least one message.", "missing_required_parameter");
        var reader = new MessageReader();
        for (var i = 0; i < messages.Count; i++) reader.ReadMessage(Fields.Of(messages[i], $"messages[{i}]"));
        return reader;
    }

    private void ReadMessage(Fields message)
    {
        message.RequiredText("role");
        var role = message.OneOf("role", Roles)!;
        message.Text("name");
        var calls = ReadToolCalls(message, role);
        if (role == "tool" && !_openCalls.Remove(message.RequiredText("tool_call_id")))
            throw Refusal.Of(message.NameOf("tool_call_id"), "A tool message must answer a call of the assistant message before it.");
        if (message.Find("content") is null && calls.Length == 0 && message.Find("refusal") is null && role != "function")
            throw Refusal.Of(message.NameOf("content"), $"A message of {role} needs content.", "missing_required_parameter");
        _turns.Add(new Turn(role, ReadContent(message) + calls));
    }

    private string ReadContent(Fields message)
    {
        if (message.Find("content") is not { } content) return "";
        if (content.ValueKind == JsonValueKind.String) return content.GetString()!;
        if (content.ValueKind != JsonValueKind.Array) throw Refusal.WrongType(message.NameOf("content"), "a string or an array of parts");
        var at = 0;
        return string.Concat(content.EnumerateArray().Select(part => ReadPart(Fields.Of(part, $"{message.NameOf("content")}[{at++}]"))));
    }

    private string ReadPart(Fields part)
    {
        switch (part.OneOf("type", "text", "image_url", "input_audio", "file", "refusal"))
        {
            case "text":
                return part.RequiredText("text");
            case "refusal":
                return part.RequiredText("refusal");
            case "image_url":
                var image = part.Inner("image_url") ?? throw Refusal.WrongType(part.NameOf("image_url"), "an object");
                var url = image.RequiredText("url");
                if (!url.StartsWith("https://", StringComparison.Ordinal) && !url.StartsWith("data:image/", StringComparison.Ordinal))
                    throw Refusal.Of(image.NameOf("url"), "The image must be an https address or a data address.", "invalid_image_url");
                ImageTokens += image.OneOf("detail", "auto", "low", "high") == "low" ? LowDetailTokens : HighDetailTokens;
                return "";
            case "input_audio":
                var audio = part.Inner("input_audio") ?? throw Refusal.WrongType(part.NameOf("input_audio"), "an object");
                audio.RequiredText("data");
                audio.OneOf("format", "wav", "mp3");
                return "";
            case "file":
                _ = part.Inner("file") ?? throw Refusal.WrongType(part.NameOf("file"), "an object");
                return "";
            default:
                throw Refusal.Of(part.NameOf("type"), "'type' is required.", "missing_required_parameter");
        }
    }

    private string ReadToolCalls(Fields message, string role)
    {
        if (message.List("tool_calls") is not { } calls) return "";
        if (role != "assistant") throw Refusal.Of(message.NameOf("tool_calls"), "Only the assistant calls tools.");
        var text = "";
        _openCalls.Clear();
        for (var i = 0; i < calls.Count; i++)
        {
            var call = Fields.Of(calls[i], $"{message.NameOf("tool_calls")}[{i}]");
            _openCalls.Add(call.RequiredText("id"));
            var function = call.Inner("function") ?? throw Refusal.WrongType(call.NameOf("function"), "an object");
            text += function.RequiredText("name") + function.RequiredText("arguments");
        }

        return text;
    }
}
