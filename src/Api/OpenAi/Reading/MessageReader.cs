using System.Text.Json;
using AiGateway.Api.Wires;

namespace AiGateway.Api.OpenAi.Reading;

/// <summary>Reads messages of chat completions and of response items.</summary>
internal sealed class MessageReader(WireReader reader, PromptCollector prompt, UnknownMembers unknown) : IPieceReader
{
    string IPieceReader.Plural => "parts";

    /// <summary>One message: an object with a role; its content is a text, parts, or null beside tool calls.</summary>
    public void Read(JsonElement message, string field)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            reader.Blame(field, "must be an object");
            return;
        }

        string? role = null;
        var content = "";
        foreach (var member in message.EnumerateObject())
        {
            if (member.NameEquals("role"u8)) role = ReadRole(member.Value, field);
            else if (member.NameEquals("content"u8)) content = ReadContent(member.Value, $"{field}.content");
            else if (member.Value.ValueKind != JsonValueKind.Null) ReadBeside(member, field);
        }

        if (role is null) reader.Blame($"{field}.role", "is required");
        prompt.AddMessage(role ?? "", content);
    }

    private string ReadRole(JsonElement value, string field)
    {
        if (value.ValueKind == JsonValueKind.String) return reader.TextOf(value, $"{field}.role");
        reader.Blame($"{field}.role", "must be a string");
        return "";
    }

    // A model may read the whole message: some chat templates print the id of a tool call.
    private void ReadBeside(JsonProperty member, string field)
    {
        switch (member.Name)
        {
            case "type" when member.Value.ValueEqualsText("message"u8):
                break;
            case "name" or "type" or "id" or "status" or "phase" or "tool_call_id" or "tool_calls" or "function_call"
                or "refusal" or "reasoning" or "reasoning_content":
                prompt.AddRaw(member.Value);
                break;
            default:
                unknown.Read(member, field);
                break;
        }
    }

    private string ReadContent(JsonElement content, string field) =>
        ContentReader.Read(reader, prompt, content, field, this);

    string IPieceReader.Read(JsonElement part, string field)
    {
        var kind = Parts.KindOf(part);
        if (kind == PartKind.Text) return ReadText(part, field);
        prompt.AddPart(kind, part);
        if (kind == PartKind.Unbounded) unknown.Look(part, field);
        return "";
    }

    private string ReadText(JsonElement part, string field)
    {
        var text = "";
        foreach (var member in part.EnumerateObject())
        {
            if (Parts.IsText(member) && member.Value.ValueKind == JsonValueKind.String) text = reader.TextOf(member.Value, $"{field}.text");
            else if (!member.NameEquals("type"u8)) prompt.AddBytes(reader.BytesOf(member));
        }

        return text;
    }
}
