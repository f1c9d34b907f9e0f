namespace AiGateway.Application.Generation;

/// <summary>What a request sends to the model besides the text of its messages; all of it is held at a stated worst case.</summary>
public sealed record PromptExtras
{
    /// <summary>Nothing.</summary>
    public static readonly PromptExtras None = new();

    /// <summary>Texts that are counted as they are: tool definitions, schemas, tool calls, inputs of embeddings.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>
    /// UTF-8 JSON of what is bounded by its size alone: items of tools that the client runs, encrypted content, members
    /// that the gateway does not know. Each byte is held as one token.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> BoundedBySize { get; init; } = [];

    /// <summary>
    /// Tokens that are counted already: token arrays of an embeddings request, stored content that is read again, what a
    /// provider writes into the prompt for tools whose definition is nothing but a name.
    /// </summary>
    public long Tokens { get; init; }

    /// <summary>Images in full detail.</summary>
    public int Images { get; init; }

    /// <summary>Images in low detail.</summary>
    public int LowDetailImages { get; init; }

    /// <summary>Length of base64 audio, in characters.</summary>
    public long AudioCharacters { get; init; }

    /// <summary>Whether the model reads something whose size the gateway cannot see, such as a file given by id, or cannot bound, such as a part of an unknown type: the whole context window is held.</summary>
    public bool IsUnbounded { get; init; }

    /// <summary>Text predicted by the client; the part that the model rejects is billed as completion.</summary>
    public string? Prediction { get; init; }
}
