using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.ToMessages;

/// <summary>Writes the content of a message of a chat completion as blocks of Anthropic's wire.</summary>
internal static class ChatParts
{
    private const string Pdf = "application/pdf";
    private static readonly string[] ImageTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"];

    /// <summary>Whether a block comes of it. Anthropic's wire refuses blank texts, so they are left out.</summary>
    public static bool HasBlocks(JsonElement message) => message.FindSet("content"u8) switch
    {
        { ValueKind: JsonValueKind.Array } parts => parts.EnumerateArray().Any(part => !IsText(part) || !TextOf(part).IsBlank()),
        { ValueKind: JsonValueKind.String } text => !text.IsBlank(),
        var other => other is not null,
    };

    /// <summary>Writes the blocks of the content of a message.</summary>
    /// <exception cref="InvalidRequestException">A part has no equivalent.</exception>
    public static void Write(Utf8JsonWriter json, JsonElement message, string field, bool textOnly = false)
    {
        switch (message.FindSet("content"u8))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.String } text:
                if (!text.IsBlank()) json.WriteTextBlock(text.GetString());
                break;
            case { } parts:
                foreach (var (part, each) in parts.Objects($"{field}.content")) WritePart(json, part, each, textOnly);
                break;
        }
    }

    private static bool IsText(JsonElement part) => part.FindText("type"u8) is "text" or "input_text" or "output_text" or "refusal";

    private static JsonElement TextOf(JsonElement part) => part.Find("text"u8) ?? part.Find("refusal"u8) ?? default;

    private static void WritePart(Utf8JsonWriter json, JsonElement part, string field, bool textOnly)
    {
        if (IsText(part))
        {
            var text = part.TextOf(part.Find("text"u8) is null ? "refusal" : "text", field);
            if (!string.IsNullOrWhiteSpace(text)) json.WriteTextBlock(text, part);
            return;
        }

        var type = part.FindText("type"u8);
        if (textOnly) throw new InvalidRequestException($"{field}.type", "must be text in a message of this role");
        switch (type)
        {
            case "image_url":
                WriteImage(json, part, field);
                break;
            case "file":
                WriteFile(json, part, field);
                break;
            default:
                throw new InvalidRequestException($"{field}.type", $"the provider of the model does not accept the part {Shown(type)}. It accepts text, image_url and file");
        }
    }

    private static void WriteImage(Utf8JsonWriter json, JsonElement part, string field)
    {
        var given = part.Find("image_url"u8) ?? default;
        var address = given.ValueKind == JsonValueKind.String ? given.GetString() : given.FindText("url"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "image"u8);
        json.WriteStartObject("source"u8);
        if (InlineContent.Read(address) is { } data)
        {
            var type = data.MediaType == "image/jpg" ? "image/jpeg" : data.MediaType;
            if (!data.IsBase64 || !ImageTypes.Contains(type, StringComparer.Ordinal))
                throw new InvalidRequestException($"{field}.image_url", $"must be base64 of one of {string.Join(", ", ImageTypes)}");
            json.WriteString("type"u8, "base64"u8);
            json.WriteString("media_type"u8, type);
            json.WriteString("data"u8, data.Content);
        }
        else if (address is not null && (address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("http://", StringComparison.OrdinalIgnoreCase)))
        {
            json.WriteString("type"u8, "url"u8);
            json.WriteString("url"u8, address);
        }
        else
        {
            throw new InvalidRequestException($"{field}.image_url", "must be an address that begins with https:, http: or data:");
        }

        json.WriteEndObject();
        json.Copy(part, "cache_control");
        json.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter json, JsonElement part, string field)
    {
        var file = part.Find("file"u8) ?? default;
        if (file.FindSet("file_id"u8) is not null)
            throw new InvalidRequestException($"{field}.file.file_id", "names a file at another provider. Send the file as file_data");
        var data = InlineContent.Read(file.FindText("file_data"u8));
        var text = data is { MediaType: "text/plain" } plain ? plain.ToText() : null;
        if (text is null && data is not { MediaType: Pdf, IsBase64: true })
            throw new InvalidRequestException($"{field}.file.file_data", $"must be a PDF as data:{Pdf};base64, or a text as data:text/plain");
        json.WriteStartObject();
        json.WriteString("type"u8, "document"u8);
        json.WriteStartObject("source"u8);
        json.WriteString("type"u8, text is null ? "base64"u8 : "text"u8);
        json.WriteString("media_type"u8, data!.Value.MediaType);
        json.WriteString("data"u8, text ?? data.Value.Content);
        json.WriteEndObject();
        if (file.FindText("filename"u8) is { Length: > 0 } name) json.WriteString("title"u8, name);
        json.Copy(part, "cache_control");
        json.WriteEndObject();
    }

    private static string Shown(string? type) => type is { Length: <= 64 } ? type : "without a known type";
}
