using AiGateway.Domain;

namespace AiGateway.Application.Usage;

/// <summary>A request about to be forwarded, at its worst case.</summary>
public sealed record Hold
{
    /// <summary>The request's id: the identity of its hold and its usage record.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>Who asks.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The API key in use; null for a JWT.</summary>
    public required Guid? ApiKeyId { get; init; }

    /// <summary>When the request came; it counts in the UTC day and month of this instant.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What is asked for.</summary>
    public required ModelOperation Operation { get; init; }

    /// <summary>The model named by the caller, or chosen for them.</summary>
    public required string RequestedModel { get; init; }

    /// <summary>The model of the first route.</summary>
    public required string Model { get; init; }

    /// <summary>The provider of the first route.</summary>
    public required string Provider { get; init; }

    /// <summary>Whether a stream was asked for.</summary>
    public required bool Streamed { get; init; }

    /// <summary>The end user that the caller named.</summary>
    public required string? EndUser { get; init; }

    /// <summary>Counted prompt tokens.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>Most completion tokens, over all choices.</summary>
    public required long MaxCompletionTokens { get; init; }

    /// <summary>The worst-case cost over all routes, in nano-dollars.</summary>
    public required long HeldNanoUsd { get; init; }

    /// <summary>Version of the price book.</summary>
    public required string PriceVersion { get; init; }
}
