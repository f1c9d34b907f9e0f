using System.Text.Json;
using AiGateway.Api.Wires;

namespace AiGateway.Api.OpenAi.Reading;

/// <summary>
/// Reads the items of a response's input. Known items are held by their bytes; their images and audio follow their own
/// rules. Items that refer to stored content become references. All other items are held as the context window.
/// </summary>
internal sealed class ItemReader(WireReader reader, PromptCollector prompt, StoredNames names, ToolReader tools)
{
    private readonly UnknownMembers _unknown = new(reader, prompt, tools);

    /// <summary>The top-level member <c>input</c>: a text, or items.</summary>
    public void Read(JsonElement? input)
    {
        const string Name = "input";
        switch (input)
        {
            case { ValueKind: JsonValueKind.String } text:
                prompt.AddMessage("user", reader.TextOf(text, Name));
                break;
            case { ValueKind: JsonValueKind.Array } items:
                var at = 0;
                foreach (var item in items.EnumerateArray()) ReadItem(item, $"{Name}[{at++}]");
                break;
            default:
                reader.Blame(Name, "must be a string or an array of items");
                break;
        }
    }

    private void ReadItem(JsonElement item, string field)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            reader.Blame(field, "must be an object");
            return;
        }

        var type = Json.TypeOf(item);
        var id = item.Find("id"u8) is { ValueKind: JsonValueKind.String } given ? reader.TextOf(given, $"{field}.id") : null;
        switch (type)
        {
            case "item_reference":
            case null when id is not null && !item.TryGetProperty("role"u8, out _):
                if (id is null) reader.Blame($"{field}.id", "is required");
                else names.AddReference(id);
                _unknown.Look(item, field);
                break;
            case null or "message":
                names.AddCarried(id);
                new MessageReader(reader, prompt, _unknown).Read(item, field);
                break;
            case "reasoning" or "compaction" or "compaction_summary":
                if (item.HasText("encrypted_content"u8)) names.AddCarried(id);
                else names.AddReference(id);
                ReadKnown(item, field);
                break;
            case "function_call" or "custom_tool_call" or "tool_search_call" or "local_shell_call" or "shell_call" or "apply_patch_call" or "computer_call"
                or "function_call_output" or "custom_tool_call_output" or "tool_search_output" or "local_shell_call_output" or "shell_call_output"
                or "apply_patch_call_output" or "computer_call_output" or "additional_tools" or "compaction_trigger":
                names.AddCarried(id);
                ReadKnown(item, field);
                break;
            default:
                ReadUnknown(item, type, id, field);
                break;
        }
    }

    // Its bytes, except the bytes of parts with a rule of their own.
    private void ReadKnown(JsonElement item, string field)
    {
        var whole = reader.BytesOf(item);
        var from = 0;
        foreach (var member in item.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number) continue;
            if (member.NameEquals("output"u8)) ReadOutput(member.Value, item, whole, ref from, field);
            else if (member.NameEquals("tools"u8)) tools.ReadTools(member.Value, $"{field}.tools");
            else if (!IsText(member.Name)) LookInto(member, field);
        }

        prompt.AddBytes(whole[from..]);
    }

    // A client or a model wrote these values: an address in them is never fetched.
    private static bool IsText(string name) =>
        name is "type" or "id" or "call_id" or "name" or "namespace" or "arguments" or "input" or "status" or "role" or "summary" or "encrypted_content"
            or "execution" or "action" or "actions" or "operation" or "caller" or "acknowledged_safety_checks" or "pending_safety_checks" or "created_by";

    private void LookInto(JsonProperty member, string field)
    {
        if (member.NameEquals("content"u8) && member.Value.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in member.Value.EnumerateArray())
            {
                if (Parts.KindOf(part) != PartKind.Text) prompt.AddUnbounded();
            }
        }
        else
        {
            _unknown.Look(member, field);
        }
    }

    private void ReadOutput(JsonElement output, JsonElement item, ReadOnlyMemory<byte> whole, ref int from, string field)
    {
        if (output.ValueKind == JsonValueKind.Object) ReadPart(output, item, whole, ref from, field);
        if (output.ValueKind != JsonValueKind.Array) return;
        foreach (var part in output.EnumerateArray()) ReadPart(part, item, whole, ref from, field);
    }

    private void ReadPart(JsonElement part, JsonElement item, ReadOnlyMemory<byte> whole, ref int from, string field)
    {
        if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("type"u8, out _))
        {
            _unknown.LookForNames(part, field);
            return;
        }

        var kind = Parts.KindOf(part);
        if (kind == PartKind.Text) return;
        prompt.AddPart(kind, part);
        if (kind == PartKind.Unbounded)
        {
            _unknown.Look(part, field);
            return;
        }

        var start = reader.OffsetIn(item, part);
        prompt.AddBytes(whole[from..start]);
        from = start + reader.BytesOf(part).Length;
    }

    private void ReadUnknown(JsonElement item, string type, string? id, string field)
    {
        prompt.AddUnbounded();
        _unknown.Look(item, field);
        if (type == "mcp_approval_response") names.AddReference(item.Find("approval_request_id"u8) is { ValueKind: JsonValueKind.String } asked ? asked.GetString() : null);
        if (CarriesContent(item, type)) names.AddCarried(id);
        else names.AddReference(id);
    }

    // A generated image is read again by its id when the item does not contain it.
    private static bool CarriesContent(JsonElement item, string type)
    {
        if (type == "image_generation_call") return item.HasText("result"u8);
        foreach (var member in item.EnumerateObject())
        {
            if (member.Name is not ("type" or "id" or "status" or "role") && member.Value.ValueKind != JsonValueKind.Null) return true;
        }

        return false;
    }
}
