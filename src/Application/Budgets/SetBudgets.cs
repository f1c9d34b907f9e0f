using AiGateway.Application.Administration;
using AiGateway.Application.Quotas;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Budgets;

/// <summary>
/// Replaces the budgets of a scope; null restores the defaults. They apply from the ledger's next decision on, on every
/// gateway.
/// </summary>
public sealed record SetBudgets(Actor By, ScopeKind Kind, Guid Id, IReadOnlyList<NewBudget>? Budgets)
    : IRequest<BudgetList>, IAdministrativeChange<BudgetList>, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [new(Kind, Id) { IsWidened = true }];

    AdministrativeAction IAdministrativeChange<BudgetList>.Describe(BudgetList response) =>
        new(AdminActions.SetBudgets, $"{Kind.ToName()} {Id}", Budgets is null ? "defaults" : $"{Budgets.Count} budgets");
}

internal sealed class SetBudgetsValidator : AbstractValidator<SetBudgets>
{
    private const int MostBudgets = 50;

    public SetBudgetsValidator()
    {
        RuleFor(command => command.Budgets).Must(budgets => budgets is not { Count: > MostBudgets }).WithMessage($"must be at most {MostBudgets}");
        RuleForEach(command => command.Budgets).SetValidator(new NewBudgetValidator());
    }
}

internal sealed class SetBudgetsHandler(IBudgetStore budgets, BudgetReader reader, SpentQuotas spent, TimeProvider time)
    : IRequestHandler<SetBudgets, BudgetList>
{
    public async Task<BudgetList> Handle(SetBudgets command, CancellationToken cancellationToken)
    {
        await reader.RequireAsync(command.Kind, command.Id, cancellationToken);
        var now = time.GetUtcNow();
        var rows = (command.Budgets ?? []).Select((budget, place) => budget.ToBudget(command.Kind, command.Id, now, place)).ToList();
        var limits = command.Budgets is null ? null : LimitsOf(rows);
        if (command.Kind == ScopeKind.User)
        {
            rows.RemoveAll(row => row is { IsLimitOfUser: true, AlertPercents: null } && row.Amount == AmountOf(limits!, row));
            spent.Forget(command.Id);
        }

        await budgets.ReplaceAsync(command.Kind, command.Id, rows, limits, command.By, now, cancellationToken);
        return await reader.ReadAsync(command.Kind, command.Id, cancellationToken);
    }

    /// <summary>The three limits that a user has by default are kept where every gateway reads them.</summary>
    private static QuotaLimits LimitsOf(List<Budget> rows)
    {
        return new(Least(QuotaLimit.DailyRequests), Least(QuotaLimit.MonthlyRequests), Least(QuotaLimit.MonthlySpend));

        long? Least(QuotaLimit limit) => rows.Where(row => row.IsLimitOfUser && row.Metric == limit.Metric && row.Window == limit.Window)
            .Min(row => (long?)row.Amount);
    }

    private static long? AmountOf(QuotaLimits limits, Budget row) => (row.Metric, row.WindowKind) switch
    {
        (BudgetMetric.Requests, PeriodKind.Day) => limits.DailyRequests,
        (BudgetMetric.Requests, _) => limits.MonthlyRequests,
        _ => limits.MonthlySpendNanoUsd,
    };
}
