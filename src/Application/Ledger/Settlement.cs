using AiGateway.Domain;

namespace AiGateway.Application.Ledger;

/// <summary>How a held request ended.</summary>
public sealed record Settlement
{
    /// <summary>The request's id.</summary>
    public required Guid RequestId { get; init; }

    /// <summary><see cref="UsageStatus.Settled"/>, <see cref="UsageStatus.Unknown"/> or <see cref="UsageStatus.Released"/>.</summary>
    public required UsageStatus Status { get; init; }

    /// <summary>The model that answered; null: as held.</summary>
    public string? Model { get; init; }

    /// <summary>The provider that answered; null: as held.</summary>
    public string? Provider { get; init; }

    /// <summary>Tokens used; all zero when released.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>The source of the token counts.</summary>
    public UsageSource UsageSource { get; init; }

    /// <summary>The cost of all attempts, in nano-dollars; zero when released.</summary>
    public long CostNanoUsd { get; init; }

    /// <summary>The attempts, in order; null: at most one, which the settlement describes.</summary>
    public IReadOnlyList<RequestAttempt>? Attempts { get; init; }

    /// <summary>The error, when the request failed.</summary>
    public ErrorCode? Error { get; init; }

    /// <summary>From the request's arrival to its end.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>From the request's arrival to the first chunk of a stream.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>Whether the reply waits for the commit. Other settlements gather until a hold shares their commit.</summary>
    public bool IsAwaited { get; init; }
}
