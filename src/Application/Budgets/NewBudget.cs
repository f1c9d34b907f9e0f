using AiGateway.Domain;

namespace AiGateway.Application.Budgets;

/// <summary>A budget as an administrator gives it.</summary>
public sealed record NewBudget
{
    /// <summary>What is limited.</summary>
    public BudgetMetric? Metric { get; init; }

    /// <summary>How long it is counted; not for <see cref="BudgetMetric.Concurrent"/>.</summary>
    public PeriodKind? Window { get; init; }

    /// <summary>Length of a window of days.</summary>
    public int? Days { get; init; }

    /// <summary>First day of the first window of days; null: the day of the change.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The limit: requests, tokens, or dollars.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Whether it only raises alerts.</summary>
    public bool IsSoft { get; init; }

    /// <summary>The models it counts, as <see cref="Budget.Model"/>.</summary>
    public string? Model { get; init; }

    /// <summary>Whether each end user has the amount for itself.</summary>
    public bool PerEndUser { get; init; }

    /// <summary>It applies from this instant on.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>It applies before this instant.</summary>
    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>Most of the unused amount that is added to the next window, in the unit of the amount.</summary>
    public decimal? RollOverCap { get; init; }

    /// <summary>Percentages at which an alert is raised.</summary>
    public IReadOnlyList<int>? AlertPercents { get; init; }

    /// <summary>The budget of a scope.</summary>
    /// <param name="kind">The kind of the scope.</param>
    /// <param name="scopeId">The scope.</param>
    /// <param name="at">The time of the change.</param>
    /// <param name="place">Its place in the list, which its id keeps.</param>
    public Budget ToBudget(ScopeKind kind, Guid scopeId, DateTimeOffset at, int place) => new()
    {
        Id = Guid.CreateVersion7(at.AddMilliseconds(place)),
        ScopeKind = kind,
        ScopeId = scopeId,
        Metric = Metric!.Value,
        WindowKind = Window ?? PeriodKind.Total,
        WindowDays = Days ?? 0,
        WindowFrom = Window == PeriodKind.Days ? From ?? DateOnly.FromDateTime(at.UtcDateTime) : null,
        Amount = ToAmount(Amount!.Value),
        IsSoft = IsSoft,
        Model = Model,
        PerEndUser = PerEndUser,
        ValidFrom = ValidFrom,
        ValidTo = ValidTo,
        RollOverCap = RollOverCap is { } cap ? ToAmount(cap) : null,
        AlertPercents = AlertPercents is { Count: > 0 } percents ? string.Join(' ', percents.Distinct().Order()) : null,
        CountedSince = at,
    };

    private long ToAmount(decimal amount) => Metric == BudgetMetric.Spend ? Money.FromUsd(amount) : (long)amount;
}
