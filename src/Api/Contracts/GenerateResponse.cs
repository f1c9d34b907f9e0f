namespace AiGateway.Api.Contracts;

/// <summary>What the model answered and what it cost.</summary>
/// <param name="Id">The request's id, as in <c>x-request-id</c> and in the usage record.</param>
/// <param name="Model">The model that answered, as the provider names it.</param>
/// <param name="Provider">The provider that answered; <c>echo</c> is the offline stand-in.</param>
/// <param name="Content">The answer.</param>
/// <param name="FinishReason">Why the model stopped: <c>stop</c>, <c>length</c>, <c>content_filter</c> or the provider's own word.</param>
/// <param name="Usage">Tokens used.</param>
/// <param name="CostUsd">The charged cost, in dollars, exact to the nano-dollar.</param>
/// <param name="LatencyMs">From arrival to the end of the answer, in milliseconds.</param>
/// <param name="CreatedAt">When the request came.</param>
public sealed record GenerateResponse(
    Guid Id,
    string Model,
    string Provider,
    string Content,
    string? FinishReason,
    UsageResponse Usage,
    decimal CostUsd,
    double LatencyMs,
    DateTimeOffset CreatedAt);

/// <summary>Tokens used.</summary>
/// <param name="PromptTokens">All input tokens, cached ones included.</param>
/// <param name="CompletionTokens">All output tokens, reasoning ones included.</param>
/// <param name="TotalTokens">Both together.</param>
/// <param name="CachedPromptTokens">Part of the prompt that the provider read from its cache.</param>
/// <param name="ReasoningTokens">Part of the completion spent on hidden reasoning.</param>
public sealed record UsageResponse(
    long PromptTokens, long CompletionTokens, long TotalTokens, long CachedPromptTokens, long ReasoningTokens);

/// <summary>The maximum cost of a request.</summary>
/// <param name="Model">The first model that would be called.</param>
/// <param name="Provider">The first provider that would be called.</param>
/// <param name="PromptTokens">Counted input tokens.</param>
/// <param name="MaxCompletionTokens">Most output tokens.</param>
/// <param name="MaxCostUsd">The amount that would be held against the budget, in dollars.</param>
/// <param name="Allowed">Whether the request would be admitted now.</param>
/// <param name="RefusedBy">
/// The exceeded limit: <c>daily_requests</c>, <c>monthly_requests</c> or <c>monthly_spend</c>; null when allowed.
/// </param>
public sealed record EstimateResponse(
    string Model, string Provider, long PromptTokens, long MaxCompletionTokens, decimal MaxCostUsd, bool Allowed, string? RefusedBy);
