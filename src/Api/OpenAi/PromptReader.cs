using System.Text.Json;
using AiGateway.Application.Generation;

namespace AiGateway.Api.OpenAi;

/// <summary>
/// Gathers what a model is to read, so that it can be counted. Whatever the gateway does not know is counted as the JSON
/// text it is: nothing escapes the hold.
/// </summary>
internal sealed class PromptReader(WireReader reader)
{
    private readonly List<ChatMessage> _messages = [];
    private readonly List<string> _texts = [];
    private int _images;
    private int _lowDetailImages;
    private long _audioCharacters;
    private bool _isUnbounded;

    public IReadOnlyList<ChatMessage> Messages => _messages;

    public PromptExtras ToExtras(string? prediction = null, long tokens = 0) => new()
    {
        Texts = _texts,
        Images = _images,
        LowDetailImages = _lowDetailImages,
        AudioCharacters = _audioCharacters,
        IsUnbounded = _isUnbounded,
        Prediction = prediction,
        Tokens = tokens,
    };

    public void AddText(string text) => _texts.Add(text);

    public void AddMessage(string role, string text) => _messages.Add(new ChatMessage(role, text));

    /// <summary>Counts a value as its JSON text.</summary>
    public void AddRaw(JsonElement? value)
    {
        if (value is { } json) _texts.Add(json.GetRawText());
    }

    /// <summary>Notes that the model reads something whose size cannot be seen.</summary>
    public void AddUnbounded() => _isUnbounded = true;

    /// <summary>One message: an object with a role; its content is a text, parts, or null beside tool calls.</summary>
    public void ReadMessage(JsonElement message, string field)
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
            else if (!member.NameEquals("tool_call_id"u8) && !member.NameEquals("type"u8) && !member.NameEquals("id"u8)
                && !member.NameEquals("status"u8)) AddRaw(member.Value);
        }

        if (role is null) reader.Blame($"{field}.role", "is required");
        AddMessage(role ?? "", content);
    }

    /// <summary>A text, or the texts of parts joined; other parts are counted as what they are.</summary>
    public string ReadContent(JsonElement content, string field)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.Null:
                return "";
            case JsonValueKind.String:
                return reader.TextOf(content, field);
            case JsonValueKind.Array:
                var at = 0;
                return string.Concat(content.EnumerateArray().Select(part => ReadPart(part, $"{field}[{at++}]")));
            default:
                reader.Blame(field, "must be a string or an array of parts");
                return "";
        }
    }

    private string ReadRole(JsonElement value, string field)
    {
        if (value.ValueKind == JsonValueKind.String) return reader.TextOf(value, $"{field}.role");
        reader.Blame($"{field}.role", "must be a string");
        return "";
    }

    private string ReadPart(JsonElement part, string field)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            reader.Blame(field, "must be an object");
            return "";
        }

        var type = part.TryGetProperty("type"u8, out var named) && named.ValueKind == JsonValueKind.String ? reader.TextOf(named, $"{field}.type") : "";
        switch (type)
        {
            case "text" or "input_text" or "output_text" when part.TryGetProperty("text"u8, out var text) && text.ValueKind == JsonValueKind.String:
                return reader.TextOf(text, $"{field}.text");
            case "image_url" or "input_image":
                AddImage(part);
                return "";
            case "input_audio":
                _audioCharacters += part.GetRawText().Length;
                return "";
            case "file" or "input_file":
                _isUnbounded = true;
                return "";
            default:
                AddRaw(part);
                return "";
        }
    }

    // Chat has the detail inside image_url, Responses beside it.
    private void AddImage(JsonElement part)
    {
        var holder = part.TryGetProperty("image_url"u8, out var image) && image.ValueKind == JsonValueKind.Object ? image : part;
        if (holder.TryGetProperty("detail"u8, out var detail) && detail.ValueKind == JsonValueKind.String && detail.ValueEquals("low"u8))
            _lowDetailImages++;
        else
            _images++;
    }
}
