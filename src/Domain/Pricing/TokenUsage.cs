namespace AiGateway.Domain;

/// <summary>Tokens of one generation, in the classes of the provider.</summary>
/// <param name="PromptTokens">All input tokens, cached and cache-written ones included.</param>
/// <param name="CompletionTokens">All output tokens, reasoning tokens included.</param>
/// <param name="CachedPromptTokens">The part of the prompt that the provider read from its cache.</param>
/// <param name="CacheWriteTokens">The part of the prompt that the provider wrote to its cache, for whatever time.</param>
/// <param name="ReasoningTokens">The part of the completion spent on hidden reasoning.</param>
/// <param name="CacheWrite1hTokens">
/// The part of <paramref name="CacheWriteTokens"/> that was written for one hour. It is charged, and not stored.
/// </param>
public readonly record struct TokenUsage(
    long PromptTokens,
    long CompletionTokens,
    long CachedPromptTokens = 0,
    long CacheWriteTokens = 0,
    long ReasoningTokens = 0,
    long CacheWrite1hTokens = 0)
{
    /// <summary>More tokens than any model takes or gives in one call; a larger figure is a provider's error.</summary>
    public const long MaxPlausibleTokens = 1_000_000_000;

    /// <summary>Prompt and completion together.</summary>
    public long TotalTokens => PromptTokens + CompletionTokens;

    /// <summary>Whether the figures are possible: nothing negative or absurd, no part larger than its whole.</summary>
    public bool IsPlausible =>
        PromptTokens is >= 0 and <= MaxPlausibleTokens
        && CompletionTokens is >= 0 and <= MaxPlausibleTokens
        && CachedPromptTokens >= 0
        && CacheWriteTokens >= 0
        && CachedPromptTokens <= PromptTokens - CacheWriteTokens
        && CacheWrite1hTokens >= 0
        && CacheWrite1hTokens <= CacheWriteTokens
        && ReasoningTokens >= 0
        && ReasoningTokens <= CompletionTokens;
}
