using System.Text.Json;

namespace AiGateway.Api.Wires;

/// <summary>Reads content that is a text or an array of pieces, as every wire has it.</summary>
internal static class ContentReader
{
    // The pieces are counted as one text. A provider that counts each by itself finds a token or two more per join.
    private const int TokensBetweenPieces = 3;

    /// <summary>The text of the content. Whatever else it holds is held by <paramref name="pieces"/>.</summary>
    /// <param name="reader">Collects faults.</param>
    /// <param name="prompt">Collects what is held.</param>
    /// <param name="content">The content; null is empty.</param>
    /// <param name="field">Its name in faults.</param>
    /// <param name="pieces">Reads the pieces.</param>
    public static string Read(WireReader reader, PromptCollector prompt, JsonElement content, string field, IPieceReader pieces)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.Null:
                return "";
            case JsonValueKind.String:
                return reader.TextOf(content, field);
            case JsonValueKind.Array:
                return ReadPieces(reader, prompt, content, field, pieces);
            default:
                reader.Blame(field, $"must be a string or an array of {pieces.Plural}");
                return "";
        }
    }

    /// <summary>The text of one piece; anything but an object is a fault.</summary>
    public static string ReadPiece(WireReader reader, JsonElement piece, string field, IPieceReader pieces)
    {
        if (piece.ValueKind == JsonValueKind.Object) return pieces.Read(piece, field);
        reader.Blame(field, "must be an object");
        return "";
    }

    private static string ReadPieces(WireReader reader, PromptCollector prompt, JsonElement content, string field, IPieceReader pieces)
    {
        var at = 0;
        var text = string.Concat(content.EnumerateArray().Select(piece => ReadPiece(reader, piece, $"{field}[{at++}]", pieces)));
        if (at > 1) prompt.AddTokens((at - 1) * TokensBetweenPieces);
        return text;
    }
}

/// <summary>Reads the pieces of content of one wire.</summary>
internal interface IPieceReader
{
    /// <summary>What the wire calls the pieces, such as <c>parts</c>.</summary>
    string Plural { get; }

    /// <summary>Reads a piece, which is an object, and returns its text.</summary>
    string Read(JsonElement piece, string field);
}
