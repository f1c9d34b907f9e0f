namespace AiGateway.Domain;

/// <summary>An administrator's correction of what a request cost. It is never changed or removed.</summary>
public sealed class UsageCorrection
{
    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReasonLength = 1000;

    /// <summary>Its own id (UUIDv7).</summary>
    public required Guid Id { get; init; }

    /// <summary>The request that it corrects.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The administrator.</summary>
    public required Guid CorrectedBy { get; init; }

    /// <summary>What the request had cost before, in nano-dollars.</summary>
    public required long PreviousCostNanoUsd { get; init; }

    /// <summary>What it costs from then on, in nano-dollars.</summary>
    public required long CostNanoUsd { get; init; }

    /// <summary>Why, in the administrator's words.</summary>
    public required string Reason { get; init; }
}
