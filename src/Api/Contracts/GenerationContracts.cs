using System.Collections.ObjectModel;
using System.Text.Json;

namespace AiGateway.Api.Contracts;

/// <summary>What to generate. Give exactly one of <c>prompt</c> and <c>messages</c>; unknown members are refused.</summary>
public sealed record GenerateRequest
{
    /// <summary>A single user message.</summary>
    /// <example>Say hello in one word.</example>
    public string? Prompt { get; init; }

    /// <summary>The conversation so far, 1 to 2048 messages.</summary>
    public MessageList? Messages { get; init; }

    /// <summary>The model; left out: the caller's preference, else the configured default.</summary>
    public string? Model { get; init; }

    /// <summary>The provider; left out: the caller's preference, else the configured order.</summary>
    public string? Provider { get; init; }

    /// <summary>A system message before the conversation.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>Whether to stream the reply. Default false.</summary>
    public bool Stream { get; init; }

    /// <summary>How the model is to answer.</summary>
    public GenerateOptionsRequest? Options { get; init; }

    /// <summary>
    /// Your own name for your end user, up to 200 characters. It is sent to the provider and stored in the usage record.
    /// </summary>
    public string? User { get; init; }
}

/// <summary>One message of a conversation.</summary>
public sealed record MessageRequest
{
    /// <summary><c>system</c>, <c>developer</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
    /// <example>user</example>
    public string? Role { get; init; }

    /// <summary>Its text.</summary>
    /// <example>Say hello in one word.</example>
    public string? Content { get; init; }
}

/// <summary>How the model is to answer. Anything left out follows the provider's default.</summary>
public sealed record GenerateOptionsRequest
{
    /// <summary>Randomness, 0 to 2.</summary>
    /// <example>0.7</example>
    public double? Temperature { get; init; }

    /// <summary>Nucleus sampling, 0 to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>Most output tokens, from 1; left out: the configured limit. The model's own maximum also applies.</summary>
    /// <example>100</example>
    public long? MaxTokens { get; init; }

    /// <summary>1 to 4 texts that end the answer.</summary>
    public StopList? Stop { get; init; }

    /// <summary>Makes sampling repeatable, as far as the provider can.</summary>
    public long? Seed { get; init; }

    /// <summary>Penalty on frequent tokens, -2 to 2.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>Penalty on tokens that occurred already, -2 to 2.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary><c>text</c> or <c>json</c>.</summary>
    public string? ResponseFormat { get; init; }
}

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
/// The exceeded limit, such as <c>daily_requests</c>, <c>monthly_spend</c> or <c>tokens_per_minute</c>; null when allowed.
/// </param>
public sealed record EstimateResponse(
    string Model, string Provider, long PromptTokens, long MaxCompletionTokens, decimal MaxCostUsd, bool Allowed, string? RefusedBy);

/// <summary>A list in a request. Reading stops at the first member too many, before the rest is parsed.</summary>
/// <typeparam name="T">Its members.</typeparam>
/// <param name="most">Most members.</param>
/// <param name="path">Where it stands in the request, as a JSON path.</param>
/// <param name="members">The noun for its members in errors.</param>
public abstract class BoundedList<T>(int most, string path, string members) : Collection<T>
{
    /// <inheritdoc/>
    protected override void InsertItem(int index, T item)
    {
        if (Count >= most) throw new JsonException($"must hold 1 to {most} {members}", path, null, null);
        base.InsertItem(index, item);
    }
}

/// <summary>The messages of a conversation, at most 2048.</summary>
public sealed class MessageList() : BoundedList<MessageRequest?>(2048, "$.messages", "messages");

/// <summary>Texts that end an answer, at most 4.</summary>
public sealed class StopList() : BoundedList<string>(4, "$.options.stop", "texts");
