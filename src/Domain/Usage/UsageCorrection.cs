namespace AiGateway.Domain;

/// <summary>An administrator's correction of the cost of a request. It is never changed or removed.</summary>
public sealed class UsageCorrection
{
    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReasonLength = 1000;

    /// <summary>Its own id (UUIDv7).</summary>
    public required Guid Id { get; init; }

    /// <summary>The request that it corrects.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The administrator.</summary>
    public required Guid CorrectedBy { get; init; }

    /// <summary>The cost before the correction, in nano-dollars.</summary>
    public required long PreviousCostNanoUsd { get; init; }

    /// <summary>The cost after the correction, in nano-dollars.</summary>
    public required long CostNanoUsd { get; init; }

    /// <summary>The reason, in the administrator's words.</summary>
    public required string Reason { get; init; }
}
