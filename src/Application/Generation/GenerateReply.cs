using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.Generation;

/// <summary>A provider's answer with its price; the usage behavior adds the usage.</summary>
public sealed record GenerateReply
{
    /// <summary>The request's id.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The provider that answered.</summary>
    public required string Provider { get; init; }

    /// <summary>The call that it answered.</summary>
    public required ModelCall Call { get; init; }

    /// <summary>The answer of the adapter.</summary>
    public required ModelReply Answer { get; init; }

    /// <summary>The streamed reply; null when the answer is finished.</summary>
    public IStreamedReply? Stream { get; init; }

    /// <summary>The tightest rates of the caller after the hold; null: no rate applies.</summary>
    public RateFigures? Rates { get; init; }

    /// <summary>Tokens used; of a stream see its summary.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>The source of the token counts.</summary>
    public UsageSource UsageSource { get; init; }

    /// <summary>Their cost, in nano-dollars.</summary>
    public long CostNanoUsd { get; init; }

    /// <summary>From the request's arrival to the end of the reply.</summary>
    public TimeSpan Latency { get; init; }
}
