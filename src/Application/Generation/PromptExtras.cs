namespace AiGateway.Application.Generation;

/// <summary>
/// What a request sends to the model besides the text of its messages. All of it is held at a documented bound.
/// </summary>
public sealed record PromptExtras
{
    /// <summary>Nothing.</summary>
    public static readonly PromptExtras None = new();

    /// <summary>Texts whose tokens are counted: tool definitions, schemas, tool calls, inputs of embeddings.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>
    /// UTF-8 JSON that is bounded by its size: items of tools that the client runs, encrypted content, members that the
    /// gateway does not know. Each byte is held as one token.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> BoundedBySize { get; init; } = [];

    /// <summary>
    /// Tokens with a known count: token arrays of an embeddings request, stored content that is read again, and what a
    /// provider adds to the prompt for tools defined by their name alone.
    /// </summary>
    public long Tokens { get; init; }

    /// <summary>Images in full detail.</summary>
    public int Images { get; init; }

    /// <summary>Images in low detail.</summary>
    public int LowDetailImages { get; init; }

    /// <summary>Length of base64 audio, in characters.</summary>
    public long AudioCharacters { get; init; }

    /// <summary>
    /// Whether the model reads content of unknown size, such as a file given by id, or without a bound, such as a part of an
    /// unknown type. The whole context window is then held.
    /// </summary>
    public bool IsUnbounded { get; init; }

    /// <summary>Text predicted by the client; the part that the model rejects is billed as completion.</summary>
    public string? Prediction { get; init; }
}
