using System.Text.Json;
using AiGateway.Api.Wires;

namespace AiGateway.Api.Anthropic.Reading;

/// <summary>
/// Reads content: a text, or blocks that may hold blocks. Each type of block has its rule; a block of another type is held
/// as the context window. A file that is stored at the provider is refused: its owner cannot be checked.
/// </summary>
internal sealed class BlockReader(WireReader reader, PromptCollector prompt, UnknownMembers unknown, AnthropicToolReader tools) : IPieceReader
{
    private readonly SourceReader _sources = new(reader, prompt, unknown);

    string IPieceReader.Plural => "blocks";

    /// <summary>Content as a text or as blocks.</summary>
    /// <returns>The text of its text blocks. All else is held already.</returns>
    public string ReadContent(JsonElement content, string field) =>
        ContentReader.Read(reader, prompt, content, field, this);

    string IPieceReader.Read(JsonElement block, string field)
    {
        switch (Json.TypeOf(block))
        {
            case "text":
                return ReadText(block, field);
            case "image":
                ReadMembers(block, field, "source", source => _sources.ReadImage(source, $"{field}.source"));
                return "";
            case "document":
                ReadDocument(block, field);
                return "";
            case "tool_result" or "mcp_tool_result" or "search_result":
                ReadMembers(block, field, "content", content => prompt.AddText(ReadContent(content, $"{field}.content")));
                return "";
            case "web_fetch_tool_result":
                ReadMembers(block, field, "content", result => ReadFetched(result, $"{field}.content"));
                return "";
            case "tool_use" or "server_tool_use" or "mcp_tool_use":
                prompt.AddRaw(block);
                return "";
            case "thinking" or "redacted_thinking" or "web_search_tool_result" or "code_execution_tool_result" or "bash_code_execution_tool_result"
                or "text_editor_code_execution_tool_result" or "advisor_tool_result" or "fallback" or "mcp_tool_listing" or "browser_state" or "tool_removal":
                prompt.AddBytes(reader.BytesOf(block));
                return "";
            case "tool_reference" or "tool_search_tool_result":
                prompt.AddBytes(reader.BytesOf(block));
                tools.CountReferences(block);
                return "";
            case "tool_addition":
                prompt.AddBytes(reader.BytesOf(block));
                ReadAddedTool(block, field);
                return "";
            case "compaction":
                ReadMembers(block, field, "tool_changes", changes => ReadContent(changes, $"{field}.tool_changes"));
                return "";
            case "container_upload":
                SourceReader.RefuseFile(reader, field);
                return "";
            default:
                prompt.AddUnbounded();
                unknown.Look(block, field);
                return "";
        }
    }

    private string ReadText(JsonElement block, string field)
    {
        var text = "";
        foreach (var member in block.EnumerateObject())
        {
            if (member.NameEquals("text"u8) && member.Value.ValueKind == JsonValueKind.String) text = reader.TextOf(member.Value, $"{field}.text");
            else if (!member.NameEquals("type"u8)) ReadBeside(member, field);
        }

        return text;
    }

    // One member has a rule of its own; the others follow the rule of their name.
    private void ReadMembers(JsonElement block, string field, string own, Action<JsonElement> read)
    {
        foreach (var member in block.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            if (member.NameEquals(own)) read(member.Value);
            else ReadBeside(member, field);
        }
    }

    // The addresses in these members are never fetched.
    private void ReadBeside(JsonProperty member, string field)
    {
        switch (member.Name)
        {
            case "type" or "cache_control" or "citations" or "context" or "title" or "tool_use_id" or "is_error" or "toolset_name" or "transformations"
                or "retrieved_at" or "caller" or "encrypted_content" or "signature" or "server_name":
            case "source" or "url" or "content" when member.Value.ValueKind == JsonValueKind.String:
                prompt.AddBytes(reader.BytesOf(member));
                break;
            default:
                unknown.Read(member, field);
                break;
        }
    }

    private void ReadDocument(JsonElement block, string field)
    {
        var isCited = block.Find("citations"u8) is { ValueKind: JsonValueKind.Object } citations
            && citations.Find("enabled"u8) is { ValueKind: JsonValueKind.True };
        ReadMembers(block, field, "source", source => ReadDocumentSource(source, $"{field}.source", isCited));
    }

    private void ReadDocumentSource(JsonElement source, string field, bool isCited)
    {
        if (source.ValueKind != JsonValueKind.Object || Json.TypeOf(source) != "content")
        {
            _sources.ReadDocument(source, field, isCited);
            return;
        }

        ReadMembers(source, field, "content", content => prompt.AddText(ReadContent(content, $"{field}.content")));
        if (isCited) prompt.AddBytes(reader.BytesOf(source));
    }

    // A document that the provider fetched before, or an error.
    private void ReadFetched(JsonElement result, string field)
    {
        if (result.ValueKind != JsonValueKind.Object) prompt.AddBytes(reader.BytesOf(result));
        else ReadMembers(result, field, "content", document => prompt.AddText(ContentReader.ReadPiece(reader, document, $"{field}.content", this)));
    }

    // A tool that joins the list in the middle of a conversation, by its name or with its definition.
    private void ReadAddedTool(JsonElement block, string field)
    {
        tools.CountReferences(block);
        if (block.Find("tool"u8) is { ValueKind: JsonValueKind.Object } tool
            && tool.Find("definition"u8) is { } definition
            && !tools.ReadTool(definition, $"{field}.tool.definition"))
        {
            reader.Blame($"{field}.tool.definition", "adds a tool that runs at the provider, which the operator does not allow. Remove the block");
        }
    }
}
