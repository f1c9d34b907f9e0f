using AiGateway.Domain;

namespace AiGateway.Application.Telemetry.Metrics;

/// <summary>What the metrics tell of a request that has ended. It holds no text, so it may be kept for a while.</summary>
internal readonly record struct RequestMeasures
{
    public required string Operation { get; init; }

    public required string Provider { get; init; }

    public required string Model { get; init; }

    public required string? Error { get; init; }

    public required IReadOnlyList<RequestAttempt> Attempts { get; init; }

    public required TokenUsage Usage { get; init; }

    /// <summary>From the arrival of the request to the end of its reply.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>The time in the gateway, outside calls to providers.</summary>
    public required TimeSpan Overhead { get; init; }

    /// <summary>From the first call to the end; null: no call.</summary>
    public required TimeSpan? Called { get; init; }

    /// <summary>From the arrival of the request to the first chunk; null: not a stream.</summary>
    public required TimeSpan? FirstToken { get; init; }

    /// <summary>From the first call to the first chunk; null: not a stream.</summary>
    public required TimeSpan? CalledToFirstChunk { get; init; }

    /// <summary>The chunks with text that a stream delivered.</summary>
    public required long Chunks { get; init; }

    /// <summary>The measures of a request.</summary>
    public static RequestMeasures Of(in EndedRequest ended) => new()
    {
        Operation = GenAi.NameOf(ended.Request.Operation),
        Provider = ended.Provider,
        Model = ended.Model,
        Error = ended.Settlement.Error?.ToName(),
        Attempts = ended.Attempts.Ended,
        Usage = ended.Settlement.Usage,
        Latency = ended.Settlement.Latency,
        Overhead = ended.Overhead,
        Called = ended.Attempts.SinceFirst,
        FirstToken = ended.Settlement.TimeToFirstToken,
        CalledToFirstChunk = ended.CalledToFirstChunk,
        Chunks = ended.Chunks,
    };
}
