namespace AiGateway.Application.Generation;

/// <summary>How the model is to answer; null leaves the provider's default.</summary>
public sealed record GenerateOptions
{
    /// <summary>Nothing chosen.</summary>
    public static readonly GenerateOptions Default = new();

    /// <summary>Randomness, 0 to 2.</summary>
    public double? Temperature { get; init; }

    /// <summary>Nucleus sampling, 0 to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>Most output tokens, at least 1; null: the configured limit. The model's own maximum also applies.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>Up to 4 texts that end the answer.</summary>
    public IReadOnlyList<string>? Stop { get; init; }

    /// <summary>Makes sampling repeatable, as far as the provider can.</summary>
    public long? Seed { get; init; }

    /// <summary>Penalty on frequent tokens, -2 to 2.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>Penalty on tokens that occurred, -2 to 2.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary><c>text</c> or <c>json</c>.</summary>
    public string? ResponseFormat { get; init; }
}
