using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;

namespace AiGateway.Application.Budgets;

internal sealed class NewBudgetValidator : AbstractValidator<NewBudget>
{
    private const decimal MaxSpendUsd = 1_000_000_000;
    private const decimal MaxCount = 1_000_000_000_000_000;
    private const int NanoUsdDecimals = 9;
    private const int MaxNameLength = 200;
    private const int MostPercents = 10;

    public NewBudgetValidator()
    {
        RuleFor(budget => budget.Metric).NotNull().WithMessage("is required: requests, tokens, spend or concurrent");
        RuleFor(budget => budget.Window)
            .Must((budget, window) => (window is null) == (budget.Metric == BudgetMetric.Concurrent))
            .When(budget => budget.Metric is not null)
            .WithMessage("must be day, week, month, quarter, year, total or days; a budget of concurrent requests has none");
        RuleFor(budget => budget.Days)
            .Must((budget, days) => budget.Window == PeriodKind.Days ? days is >= 1 and <= Budget.MostDays : days is null)
            .WithMessage($"must be 1 to {Budget.MostDays} with the window days, and absent with any other");
        RuleFor(budget => budget.From).Must((budget, from) => from is null || budget.Window == PeriodKind.Days)
            .WithMessage("is only for the window days");
        RuleFor(budget => budget.Amount).NotNull().WithMessage("is required");
        RuleFor(budget => budget.Amount).Must(IsAmount).When(budget => budget.Amount is not null)
            .WithMessage($"must be 0 to {MaxSpendUsd} dollars with at most 9 decimals for spend, else a whole number from 0 to {MaxCount}");
        RuleFor(budget => budget.RollOverCap)
            .Must((budget, cap) => cap is null || (IsAmount(budget, cap) && budget.Metric != BudgetMetric.Concurrent && budget.Window != PeriodKind.Total))
            .WithMessage("must be an amount in the unit of the budget; a window without end has no roll-over");
        RuleFor(budget => budget.Model).IsName(MaxNameLength);
        RuleFor(budget => budget.Model).Must(model => model is null || model.IndexOf('*') is var star && (star < 0 || star == model.Length - 1))
            .WithMessage("must be the name of a model, or a prefix that ends with *");
        RuleFor(budget => budget.ValidTo).Must((budget, to) => to is null || budget.ValidFrom is null || to > budget.ValidFrom)
            .WithMessage("must be after validFrom");
        RuleFor(budget => budget.AlertPercents)
            .Must(percents => percents is null || (percents.Count <= MostPercents && percents.All(percent => percent is >= 1 and <= 100)))
            .WithMessage($"must be at most {MostPercents} whole numbers from 1 to 100");
    }

    private static bool IsAmount(NewBudget budget, decimal? amount) => budget.Metric == BudgetMetric.Spend
        ? amount is >= 0 and <= MaxSpendUsd && decimal.Round(amount.Value, NanoUsdDecimals) == amount
        : amount is >= 0 and <= MaxCount && decimal.Truncate(amount.Value) == amount;
}
