using System.Text.Json;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn.Messages;

/// <summary>Reads the messages and their blocks.</summary>
internal sealed class BlockReader
{
    private static readonly string[] Types =
        ["text", "image", "document", "tool_use", "tool_result", "thinking", "redacted_thinking", "search_result"];

    private readonly HashSet<string> _open = [];

    public CacheUse Cache { get; private set; }

    /// <summary>The last text of the user, or the result of a tool after it.</summary>
    public string LastText { get; private set; } = "";

    /// <summary>The last text of the user.</summary>
    public string LastUserText { get; private set; } = "";

    /// <summary>Messages with results of tools since the last text of the user.</summary>
    public int ToolTurns { get; private set; }

    public static BlockReader Read(IReadOnlyList<JsonElement> messages)
    {
        var reader = new BlockReader();
        for (var i = 0; i < messages.Count; i++) reader.ReadMessage(messages[i], $"messages.{i}");
        return reader._open.Count == 0
            ? reader
            : throw new Refusal(400, $"messages.{messages.Count - 1}: `tool_use` ids were found without `tool_result` blocks: {string.Join(", ", reader._open)}");
    }

    public void ReadSystem(JsonElement system)
    {
        foreach (var block in system.EnumerateArray()) NoteCache(block);
    }

    private void ReadMessage(JsonElement message, string path)
    {
        var fields = Fields.Of(message, path);
        var role = fields.OneOf("role", "user", "assistant", "system") ?? throw new Refusal(400, $"{path}.role: Field required");
        var content = fields.Find("content") ?? throw new Refusal(400, $"{path}.content: Field required");
        if (content.ValueKind == JsonValueKind.String)
        {
            if (role == "user") NoteUserText(content.GetString()!);
            return;
        }

        if (content.ValueKind != JsonValueKind.Array) throw new Refusal(400, $"{path}.content: Input should be a valid list");
        var (at, open) = (0, _open.Count);
        foreach (var block in content.EnumerateArray()) ReadBlock(block, role, $"{path}.content.{at++}");
        if (_open.Count < open) ToolTurns++;
    }

    private void ReadBlock(JsonElement block, string role, string path)
    {
        var fields = Fields.Of(block, path);
        var type = fields.Text("type") ?? throw new Refusal(400, $"{path}.type: Field required");
        if (!Types.Contains(type)) throw new Refusal(400, $"{path}: Input tag '{type}' found using 'type' does not match any of the expected tags");
        NoteCache(block);
        switch (type)
        {
            case "text" when fields.Text("text") is not { Length: > 0 }:
                throw new Refusal(400, $"{path}.text: text content blocks must be non-empty");
            case "text" when role == "user":
                NoteUserText(fields.Text("text")!);
                break;
            case "tool_use":
                _open.Add(fields.RequiredText("id"));
                break;
            case "tool_result":
                if (!_open.Remove(fields.RequiredText("tool_use_id"))) throw new Refusal(400, $"{path}: unexpected `tool_use_id` found in `tool_result` blocks");
                LastText = fields.Find("content") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
                break;
        }
    }

    private void NoteUserText(string text)
    {
        (LastText, LastUserText) = (text, text);
        ToolTurns = 0;
    }

    private void NoteCache(JsonElement block)
    {
        if (!block.TryGetProperty("cache_control", out var cache) || cache.ValueKind != JsonValueKind.Object) return;
        var isLong = cache.TryGetProperty("ttl", out var ttl) && ttl.ValueEquals("1h");
        if (isLong || Cache == CacheUse.None) Cache = isLong ? CacheUse.OneHour : CacheUse.FiveMinutes;
    }
}
