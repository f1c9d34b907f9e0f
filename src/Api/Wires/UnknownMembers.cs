using System.Collections.Frozen;
using System.Text.Json;

namespace AiGateway.Api.Wires;

/// <summary>
/// Members of messages and items that the gateway does not know. They pass and are held by their bytes. A value that seems
/// to refer to other content is held as the context window. Tools in them follow the rule for tools.
/// </summary>
internal sealed class UnknownMembers(WireReader reader, PromptCollector prompt, ToolReader tools)
{
    // Without regard to case, because some servers match names that way.
    private static readonly FrozenSet<string> NamesOfContent = FrozenSet.ToFrozenSet(
        [
            "file", "files", "file_id", "file_ids", "file_url", "file_data", "container_id", "image", "images", "image_url", "image_urls", "input_image",
            "video", "videos", "video_url", "audio", "audios", "audio_url", "input_audio", "input_file", "url", "urls", "uri", "uris",
            "document_url", "media", "attachment", "attachments",
        ],
        StringComparer.OrdinalIgnoreCase);

    public void Read(JsonProperty member, string field)
    {
        prompt.AddBytes(reader.BytesOf(member));
        Look(member, field);
    }

    /// <summary>Looks for references and for tools in a value whose bytes are already held.</summary>
    public void Look(JsonElement value, string field) => Look(value, field, addressesToo: true);

    /// <summary>
    /// The same for texts that may begin with an address that is never fetched, such as the output of a command.
    /// </summary>
    public void LookForNames(JsonElement value, string field) => Look(value, field, addressesToo: false);

    /// <inheritdoc cref="Look(JsonElement, string)"/>
    public void Look(JsonProperty member, string field) => Look(member, field, addressesToo: true);

    // Not deeper than the body's JSON may be.
    private void Look(JsonElement value, string field, bool addressesToo)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject()) Look(member, field, addressesToo);
                break;
            case JsonValueKind.Array:
                foreach (var element in value.EnumerateArray()) Look(element, field, addressesToo);
                break;
            case JsonValueKind.String when addressesToo && Json.IsAddress(value):
                prompt.AddUnbounded();
                break;
        }
    }

    private void Look(JsonProperty member, string field, bool addressesToo)
    {
        if (member.Value.ValueKind is JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number) return;
        if (NamesOfContent.Contains(member.Name)) prompt.AddUnbounded();
        if (member.Value.ValueKind == JsonValueKind.Array && member.NameEquals("tools"u8)) LookAtTools(member.Value, $"{field}.tools", addressesToo);
        else Look(member.Value, field, addressesToo);
    }

    // Schemas of tools may use any name.
    private void LookAtTools(JsonElement list, string field, bool addressesToo)
    {
        var removed = new HashSet<int>();
        var at = 0;
        foreach (var tool in list.EnumerateArray())
        {
            if (tool.ValueKind != JsonValueKind.Object || Json.TypeOf(tool) is null) Look(tool, field, addressesToo);
            else if (!tools.ReadTool(tool, $"{field}[{at}]")) removed.Add(at);
            at++;
        }

        reader.RemoveElements(list, removed);
    }
}
