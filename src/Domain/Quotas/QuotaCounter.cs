namespace AiGateway.Domain;

/// <summary>
/// The use of a user in one period. It equals the sum over the user's usage records of that period at every
/// committed state; only the ledger writes it.
/// </summary>
public sealed class QuotaCounter
{
    /// <summary>The user.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Day or month.</summary>
    public required PeriodKind Kind { get; init; }

    /// <summary>First UTC day of the period.</summary>
    public required DateOnly Start { get; init; }

    /// <summary>Requests held, settled or expired; released ones do not count.</summary>
    public long Requests { get; init; }

    /// <summary>Cost of settled and expired requests, in nano-dollars.</summary>
    public long SettledNanoUsd { get; init; }

    /// <summary>Maximum cost of requests in progress, in nano-dollars.</summary>
    public long HeldNanoUsd { get; init; }

    /// <summary>The user.</summary>
    public User? User { get; init; }
}
