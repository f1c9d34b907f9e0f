using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Budgets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Persistence.Stores.Budgets;

/// <summary>Reads the use of budgets. A counter that is not opened yet is summed from its records, as the ledger would.</summary>
internal static class BudgetUses
{
    public static async Task<IReadOnlyList<BudgetUse>> ReadAsync(
        GatewayContext context, IReadOnlyList<CountedBudget> counted, CancellationToken cancellationToken)
    {
        if (counted.Count == 0) return [];
        var ids = counted.Select(each => each.Scope.CounterId).Distinct().ToList();
        var starts = counted.Select(each => each.Start).Concat(counted.Select(each => each.CarriedFrom).OfType<DateOnly>()).Distinct().ToList();
        var counters = await context.BudgetCounters.AsNoTracking()
            .Where(counter => ids.Contains(counter.Id) && starts.Contains(counter.Start))
            .ToDictionaryAsync(counter => (counter.Id, counter.Window, counter.Start), ToFigures, cancellationToken);
        return [.. counted.Select(each => UseOf(context, counters, each))];
    }

    private static BudgetUse UseOf(
        GatewayContext context, Dictionary<(Guid, int, DateOnly), BudgetFigures> counters, CountedBudget counted)
    {
        BudgetFigures? before = counted.CarriedFrom is { } start ? FiguresAt(start) : null;
        return FiguresAt(counted.Start).Of(counted.Budget, before, counted.ResetsAt);

        BudgetFigures FiguresAt(DateOnly first)
        {
            var code = counted.Budget.Window.Code;
            if (counters.TryGetValue((counted.Scope.CounterId, code, first), out var figures)) return figures;
            return RecordSums.Sum(
                context.Database.GetDbConnection(), context.Database.CurrentTransaction!.GetDbTransaction(), counted.Scope, code, first);
        }
    }

    private static BudgetFigures ToFigures(BudgetCounter counter) => new(
        counter.Requests, counter.InFlight, counter.SettledTokens, counter.HeldTokens, counter.SettledNanoUsd, counter.HeldNanoUsd);
}
