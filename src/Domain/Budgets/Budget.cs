namespace AiGateway.Domain;

/// <summary>
/// A limit of a scope: so much of a metric in each window. A scope may have several. The three limits of a user in
/// <see cref="Quota"/> are budgets as well, with a row of their own, because every user has them by default.
/// </summary>
public sealed record Budget
{
    /// <summary>Most days of a window of <see cref="PeriodKind.Days"/>: ten years.</summary>
    public const int MostDays = 3660;

    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The kind of the scope.</summary>
    public required ScopeKind ScopeKind { get; init; }

    /// <summary>The scope.</summary>
    public required Guid ScopeId { get; init; }

    /// <summary>What is limited.</summary>
    public required BudgetMetric Metric { get; init; }

    /// <summary>How long it is counted; <see cref="PeriodKind.Total"/> for <see cref="BudgetMetric.Concurrent"/>.</summary>
    public required PeriodKind WindowKind { get; init; }

    /// <summary>Length of a window of <see cref="PeriodKind.Days"/>, 1 to <see cref="MostDays"/>; else 0.</summary>
    public int WindowDays { get; init; }

    /// <summary>First day of the first window of <see cref="PeriodKind.Days"/>; else null.</summary>
    public DateOnly? WindowFrom { get; init; }

    /// <summary>The limit: requests, tokens, or nano-dollars; 0 or more.</summary>
    public required long Amount { get; init; }

    /// <summary>Whether it only raises alerts and refuses nothing.</summary>
    public bool IsSoft { get; init; }

    /// <summary>Counts only requests that may use such a model: an exact name, or a prefix that ends with <c>*</c>; null: all.</summary>
    public string? Model { get; init; }

    /// <summary>Whether each end user of the scope has the amount for itself. Requests without an end user share one.</summary>
    public bool PerEndUser { get; init; }

    /// <summary>The limit applies to requests from this instant on; null: from the beginning.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>The limit applies to requests before this instant; null: without end.</summary>
    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>Most of the unused amount of one window that is added to the next, in the unit of the amount; null: none.</summary>
    public long? RollOverCap { get; init; }

    /// <summary>Percentages at which an alert is raised, space-separated and ascending; null: none.</summary>
    public string? AlertPercents { get; init; }

    /// <summary>
    /// Since when its use is counted. A window that began later starts at zero; an earlier one starts with the sum of its
    /// records.
    /// </summary>
    public required DateTimeOffset CountedSince { get; init; }

    /// <summary>The window as a value.</summary>
    public BudgetWindow Window => new(WindowKind, WindowDays, WindowFrom ?? default);

    /// <summary>Whether it is one of the three limits that every user has: requests a day and a month, spend a month.</summary>
    public bool IsLimitOfUser => this is
    {
        ScopeKind: ScopeKind.User, IsSoft: false, Model: null, PerEndUser: false, ValidFrom: null, ValidTo: null, RollOverCap: null,
    } && (Metric, WindowKind) is (BudgetMetric.Requests, PeriodKind.Day or PeriodKind.Month) or (BudgetMetric.Spend, PeriodKind.Month);

    /// <summary>Whether it limits a request of this time.</summary>
    public bool IsValidAt(DateTimeOffset at) => (ValidFrom is not { } from || at >= from) && (ValidTo is not { } to || at < to);
}

/// <summary>What a budget limits. The numbers are stored.</summary>
public enum BudgetMetric
{
    /// <summary>Requests; released ones do not count.</summary>
    Requests = 1,

    /// <summary>Prompt and completion tokens.</summary>
    Tokens = 2,

    /// <summary>Cost, in nano-dollars.</summary>
    Spend = 3,

    /// <summary>Requests in progress at the same time.</summary>
    Concurrent = 4,
}
