using System.Text.Json;
using AiGateway.Api.Wires;

namespace AiGateway.Api.Anthropic.Reading;

/// <summary>Reads the source of an image or a document.</summary>
internal sealed class SourceReader(WireReader reader, PromptCollector prompt, UnknownMembers unknown)
{
    /// <summary>Refuses content that is a file stored at the provider.</summary>
    public static void RefuseFile(WireReader reader, string field) =>
        reader.Blame(field, "refers to a file that is stored at the provider. The gateway cannot check its owner. Send the content instead");

    /// <summary>An image, inline or by its address: the most that the model bills for one.</summary>
    public void ReadImage(JsonElement source, string field)
    {
        switch (TypeOf(source))
        {
            case "file":
                RefuseFile(reader, field);
                break;
            case "base64" when IsImage(source):
            case "url":
                prompt.AddPart(PartKind.Image, source);
                ReadOthers(source, field);
                break;
            default:
                ReadUnbounded(source, field);
                break;
        }
    }

    /// <summary>A document: a text by its bytes, all else as the context window.</summary>
    /// <param name="source">The source.</param>
    /// <param name="field">Its name.</param>
    /// <param name="isCited">
    /// Whether the model cites it. The provider then marks each sentence, for which the text is held once more.
    /// </param>
    public void ReadDocument(JsonElement source, string field, bool isCited)
    {
        switch (TypeOf(source))
        {
            case "file":
                RefuseFile(reader, field);
                break;
            case "text" when source.Find("data"u8) is { ValueKind: JsonValueKind.String } text:
                prompt.AddText(reader.TextOf(text, $"{field}.data"));
                if (isCited) prompt.AddBytes(reader.BytesOf(text));
                ReadOthers(source, field);
                break;
            default:
                ReadUnbounded(source, field);
                break;
        }
    }

    private static string? TypeOf(JsonElement source) => source.ValueKind == JsonValueKind.Object ? Json.TypeOf(source) : null;

    private static bool IsImage(JsonElement source) =>
        source.Find("media_type"u8) is { ValueKind: JsonValueKind.String } type
        && type.GetString()!.StartsWith("image/", StringComparison.OrdinalIgnoreCase);

    private void ReadUnbounded(JsonElement source, string field)
    {
        prompt.AddUnbounded();
        unknown.Look(source, field);
    }

    private void ReadOthers(JsonElement source, string field)
    {
        foreach (var member in source.EnumerateObject())
        {
            if (member.Name is not ("type" or "media_type" or "data" or "url")) unknown.Read(member, field);
        }
    }
}
