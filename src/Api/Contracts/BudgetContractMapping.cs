using System.Globalization;
using AiGateway.Application.Budgets;
using AiGateway.Domain;

namespace AiGateway.Api.Contracts;

/// <summary>Budgets between the wire and the use cases.</summary>
internal static class BudgetContractMapping
{
    private const string Hard = "hard";
    private const string Soft = "soft";

    /// <summary>The budgets of a request.</summary>
    /// <exception cref="InvalidRequestException">A name is not known, or the list is missing.</exception>
    public static IReadOnlyList<NewBudget> ToNewBudgets(this BudgetsRequest request)
    {
        var budgets = request.Budgets ?? throw new InvalidRequestException("budgets", "is required: a list, which may be empty");
        return [.. budgets.Select(ToNewBudget)];
    }

    /// <summary>A budget and its use.</summary>
    /// <param name="use">The budget.</param>
    /// <param name="name">The display name of its scope, when it is known.</param>
    public static BudgetResponse ToResponse(this BudgetUse use, string? name = null)
    {
        var budget = use.Budget;
        return new()
        {
            Scope = new(WireName.Of(budget.ScopeKind), budget.ScopeId, name),
            Limit = new QuotaLimit(budget.Metric, budget.Window).Name,
            Metric = WireName.Of(budget.Metric),
            Window = budget.Metric == BudgetMetric.Concurrent ? null : WireName.Of(budget.WindowKind),
            Days = budget.WindowKind == PeriodKind.Days ? budget.WindowDays : null,
            From = budget.WindowFrom,
            Amount = Shown(budget, budget.Amount),
            Mode = budget.IsSoft ? Soft : Hard,
            Model = budget.Model,
            PerEndUser = budget.PerEndUser,
            ValidFrom = budget.ValidFrom,
            ValidTo = budget.ValidTo,
            RollOverCap = budget.RollOverCap is { } cap ? Shown(budget, cap) : null,
            AlertPercents = budget.AlertPercents is { } percents
                ? [.. percents.Split(' ').Select(static percent => int.Parse(percent, CultureInfo.InvariantCulture))]
                : [],
            Used = Shown(budget, use.Settled),
            Held = Shown(budget, use.Held),
            Remaining = Shown(budget, (long)Int128.Max(0, use.Capacity)),
            ResetsAt = use.ResetsAt,
        };
    }

    private static NewBudget ToNewBudget(BudgetRequest? budget, int index) => budget is null
        ? throw new InvalidRequestException($"budgets[{index}]", "must be an object")
        : new()
        {
            Metric = NameOf<BudgetMetric>(budget.Metric, index, "metric", "requests, tokens, spend or concurrent"),
            Window = NameOf<PeriodKind>(budget.Window, index, "window", "day, week, month, quarter, year, total or days"),
            Days = budget.Days,
            From = budget.From,
            Amount = budget.Amount,
            IsSoft = budget.Mode switch
            {
                null or Hard => false,
                Soft => true,
                _ => throw Unknown(index, "mode", "hard or soft"),
            },
            Model = budget.Model,
            PerEndUser = budget.PerEndUser,
            ValidFrom = budget.ValidFrom,
            ValidTo = budget.ValidTo,
            RollOverCap = budget.RollOverCap,
            AlertPercents = budget.AlertPercents,
        };

    private static T? NameOf<T>(string? name, int index, string member, string names) where T : struct, Enum
    {
        if (name is null) return null;
        foreach (var value in Enum.GetValues<T>())
        {
            if (WireName.Of(value) == name) return value;
        }

        throw Unknown(index, member, names);
    }

    private static InvalidRequestException Unknown(int index, string member, string names) =>
        new($"budgets[{index}].{member}", $"must be {names}");

    private static decimal Shown(Budget budget, long amount) => budget.Metric == BudgetMetric.Spend ? Money.ToUsd(amount) : amount;
}
