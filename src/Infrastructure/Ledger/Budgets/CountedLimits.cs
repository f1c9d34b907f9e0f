using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Persistence.Mapping;

namespace AiGateway.Infrastructure.Ledger.Budgets;

/// <summary>The limits that a record counts for, and the counters that they need.</summary>
internal sealed class CountedLimits
{
    /// <summary>No limit.</summary>
    public static readonly CountedLimits None = new([], []);

    /// <param name="budgets">Budgets, the most specific scope first.</param>
    /// <param name="rates">Rates, the most specific scope first.</param>
    public CountedLimits(IEnumerable<CountedBudget> budgets, IReadOnlyList<Rate> rates)
    {
        Budgets = [.. budgets.Select(static each => new KeyedBudget(
            each, KeyOf(each, each.Start), each.CarriedFrom is { } start ? KeyOf(each, start) : null, each.ResetsAt))];
        Rates = rates;
        Counters = [.. Budgets.Select(static each => each.Key).Distinct()];
        Needed = [.. Budgets.SelectMany(NeededBy).DistinctBy(static each => each.Key)];
    }

    public IReadOnlyList<KeyedBudget> Budgets { get; }

    public IReadOnlyList<Rate> Rates { get; }

    /// <summary>The counters of the record. Several budgets may share one.</summary>
    public IReadOnlyList<CounterKey> Counters { get; }

    /// <summary>All counters to lock: those of the record, and those of the windows before whose rest is carried over.</summary>
    public IReadOnlyList<NeededCounter> Needed { get; }

    private static IEnumerable<NeededCounter> NeededBy(KeyedBudget budget)
    {
        var counted = budget.Counted;
        yield return new(budget.Key, counted.Scope, counted.StartsAtZero(counted.Start));
        if (budget.Before is { } before) yield return new(before, counted.Scope, counted.StartsAtZero(counted.CarriedFrom!.Value));
    }

    private static CounterKey KeyOf(CountedBudget counted, DateOnly start) =>
        new(OfBudget: true, counted.Scope.CounterId, counted.Budget.Window.Code, DayConverter.ToNumber(start));
}

/// <summary>A budget that a record counts for, with the keys of its counters.</summary>
/// <param name="Counted">The budget in the window of the record.</param>
/// <param name="Key">Its counter.</param>
/// <param name="Before">The counter of the window before; null: nothing is carried over.</param>
/// <param name="ResetsAt">When the next window begins; null: never.</param>
internal sealed record KeyedBudget(CountedBudget Counted, CounterKey Key, CounterKey? Before, DateTimeOffset? ResetsAt)
{
    public Budget Budget => Counted.Budget;
}
