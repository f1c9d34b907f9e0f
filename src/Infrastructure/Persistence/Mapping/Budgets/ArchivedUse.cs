namespace AiGateway.Infrastructure.Persistence.Mapping.Budgets;

/// <summary>
/// The use of archived records that count for the same budgets and came in the same slot of time. It stands in for them when
/// a counter of a budget is opened or verified.
/// </summary>
internal sealed class ArchivedUse
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The first instant of the slot. All days of the record's scopes begin at the first instant of a slot.</summary>
    public required DateTimeOffset Slot { get; init; }

    public required Guid UserId { get; init; }

    public required Guid? ApiKeyId { get; init; }

    /// <summary>The charge set; null: none.</summary>
    public required Guid? ChargeSet { get; init; }

    public required string RequestedModel { get; init; }

    public required string? EndUser { get; init; }

    /// <summary>Settled, unknown and expired requests.</summary>
    public required long Requests { get; init; }

    /// <summary>Their charged tokens.</summary>
    public required long SettledTokens { get; init; }

    /// <summary>Their cost, in nano-dollars.</summary>
    public required long SettledNanoUsd { get; init; }
}
