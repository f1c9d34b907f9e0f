using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Domain;

namespace AiGateway.Application.Translation.ToChat;

/// <summary>Reads a block of a user's message, or of a tool's result, as parts of a chat completion.</summary>
internal static class MessageBlocks
{
    /// <summary>The parts of a block.</summary>
    /// <exception cref="InvalidRequestException">The block has no equivalent.</exception>
    public static IEnumerable<Part> Read(JsonElement block, string field)
    {
        switch (block.FindText("type"u8))
        {
            case "text":
                return [new Part(Text: block.TextOf("text", field))];
            case "image":
                return [new Part(Image: ImageOf(block.Find("source"u8) ?? default, $"{field}.source"))];
            case "document":
                return Document(block, field);
            case var type:
                throw new InvalidRequestException($"{field}.type", Refusal(type));
        }
    }

    /// <summary>The refusal of a block.</summary>
    public static string Refusal(string? type) =>
        $"the provider of the model does not accept the block {(type is { Length: <= 64 } ? type : "without a known type")}. Remove it, or use a model of Anthropic";

    private static string ImageOf(JsonElement source, string field) => source.FindText("type"u8) switch
    {
        "base64" => $"data:{source.FindText("media_type"u8)};base64,{source.FindText("data"u8)}",
        "url" => source.FindText("url"u8) ?? throw new InvalidRequestException($"{field}.url", "is required"),
        _ => throw new InvalidRequestException($"{field}.type", "must be base64 or url for this model"),
    };

    private static IEnumerable<Part> Document(JsonElement block, string field)
    {
        if (block.Find("citations"u8)?.Find("enabled"u8) is { ValueKind: JsonValueKind.True })
            throw new InvalidRequestException($"{field}.citations", "the provider of the model does not cite documents. Remove it, or use a model of Anthropic");
        var source = block.Find("source"u8) ?? default;
        switch (source.FindText("type"u8))
        {
            case "text":
                return [new Part(Text: source.TextOf("data", $"{field}.source"))];
            case "content" when source.Find("content"u8) is { ValueKind: JsonValueKind.String } text:
                return [new Part(Text: text.GetString())];
            case "content":
                return (source.Find("content"u8) ?? default).Objects($"{field}.source.content").SelectMany(each => Read(each.Element, each.Field));
            case "base64" when source.FindText("media_type"u8) is "application/pdf":
                return [new Part(File: $"data:application/pdf;base64,{source.FindText("data"u8)}", FileName: block.FindText("title"u8) ?? "document.pdf")];
            default:
                throw new InvalidRequestException($"{field}.source.type", "must be base64 of a PDF, text or content for this model");
        }
    }
}

/// <summary>A part of a message of a chat completion; one of its values is given.</summary>
/// <param name="Text">A text.</param>
/// <param name="Image">The address of an image.</param>
/// <param name="File">A file as an address that holds its content.</param>
/// <param name="FileName">The name of the file.</param>
internal readonly record struct Part(string? Text = null, string? Image = null, string? File = null, string? FileName = null)
{
    /// <summary>Writes the part.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (Text is not null)
        {
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, Text);
        }
        else if (Image is not null)
        {
            json.WriteString("type"u8, "image_url"u8);
            json.WriteStartObject("image_url"u8);
            json.WriteString("url"u8, Image);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("type"u8, "file"u8);
            json.WriteStartObject("file"u8);
            json.WriteString("filename"u8, FileName);
            json.WriteString("file_data"u8, File);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
