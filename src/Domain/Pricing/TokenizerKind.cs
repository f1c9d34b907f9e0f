namespace AiGateway.Domain;

/// <summary>How a model's input is counted for the hold.</summary>
public enum TokenizerKind
{
    /// <summary>By the model's name: OpenAI's models have a known tokenizer, others are bounded by their bytes.</summary>
    ByName,

    /// <summary>Exactly, with <c>o200k_base</c>.</summary>
    O200K,

    /// <summary>Exactly, with <c>cl100k_base</c>.</summary>
    Cl100K,

    /// <summary>One token for each UTF-8 byte: the maximum for any byte-level tokenizer.</summary>
    Bytes,
}
