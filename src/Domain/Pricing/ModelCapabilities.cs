namespace AiGateway.Domain;

/// <summary>The capabilities of a model.</summary>
public sealed record ModelCapabilities
{
    /// <summary>Input and output tokens together that one call may hold.</summary>
    public required long ContextWindow { get; init; }

    /// <summary>Most output tokens of one choice; zero for models without text output.</summary>
    public required long MaxOutputTokens { get; init; }

    /// <summary>Answers chat completions.</summary>
    public bool Chat { get; init; } = true;

    /// <summary>Makes embeddings.</summary>
    public bool Embeddings { get; init; }

    /// <summary>Calls tools.</summary>
    public bool Tools { get; init; }

    /// <summary>
    /// Reasons before it answers. Such models accept <c>max_completion_tokens</c> and refuse <c>max_tokens</c>.
    /// </summary>
    public bool Reasoning { get; init; }

    /// <summary>Answers in a given JSON schema.</summary>
    public bool StructuredOutput { get; init; }

    /// <summary>Accepts images.</summary>
    public bool Vision { get; init; }
}
