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
