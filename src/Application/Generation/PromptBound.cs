namespace AiGateway.Application.Generation;

/// <summary>An upper bound of the billed input tokens of a request.</summary>
/// <param name="Tokens">Input tokens to hold; for a conversation never more than the context window.</param>
/// <param name="PredictedTokens">Tokens of the predicted text, which may be billed as output on top of the output limit.</param>
/// <param name="ExceedsWindow">Whether the exact count of a known tokenizer is more than the context window.</param>
public readonly record struct PromptBound(long Tokens, long PredictedTokens = 0, bool ExceedsWindow = false);
