using System.Text.Json;

namespace AiGateway.Api.Wires;

/// <summary>Reads content that is a text or an array of pieces, as every wire has it.</summary>
internal static class ContentReader
{
    // The pieces are counted as one text. A provider that counts each by itself finds a token or two more per join.
    private const int TokensBetweenPieces = 3;

    /// <summary>The text of the content. Whatever else it holds is held by <paramref name="readPiece"/>.</summary>
    /// <param name="reader">Collects faults.</param>
    /// <param name="prompt">Collects what is held.</param>
    /// <param name="content">The content; null is empty.</param>
    /// <param name="field">Its name in faults.</param>
    /// <param name="pieces">What the wire calls the pieces, such as <c>parts</c>.</param>
    /// <param name="readPiece">Reads a piece, which is an object, and returns its text.</param>
    public static string Read(
        WireReader reader, PromptCollector prompt, JsonElement content, string field, string pieces, Func<JsonElement, string, string> readPiece)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.Null:
                return "";
            case JsonValueKind.String:
                return reader.TextOf(content, field);
            case JsonValueKind.Array:
                var at = 0;
                var text = string.Concat(content.EnumerateArray().Select(piece => ReadPiece(reader, piece, $"{field}[{at++}]", readPiece)));
                if (at > 1) prompt.AddTokens((at - 1) * TokensBetweenPieces);
                return text;
            default:
                reader.Blame(field, $"must be a string or an array of {pieces}");
                return "";
        }
    }

    /// <summary>The text of one piece; anything but an object is a fault.</summary>
    public static string ReadPiece(WireReader reader, JsonElement piece, string field, Func<JsonElement, string, string> readPiece)
    {
        if (piece.ValueKind == JsonValueKind.Object) return readPiece(piece, field);
        reader.Blame(field, "must be an object");
        return "";
    }
}
