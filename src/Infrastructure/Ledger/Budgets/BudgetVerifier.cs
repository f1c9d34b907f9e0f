using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Ledger.Budgets;

/// <summary>Recomputes every counter of a budget from the usage records, on the snapshot of the context.</summary>
internal static class BudgetVerifier
{
    public static async Task<List<BudgetDifference>> CompareAsync(GatewayContext context, CancellationToken cancellationToken)
    {
        var archivedTo = await context.DailyUsage.Where(sum => sum.Archived).MaxAsync(sum => (DateOnly?)sum.Day, cancellationToken);
        var counters = await context.BudgetCounters.AsNoTracking()
            .OrderBy(counter => counter.ScopeKind).ThenBy(counter => counter.Id).ThenBy(counter => counter.Window).ThenBy(counter => counter.Start)
            .ToListAsync(cancellationToken);
        var differences = new List<BudgetDifference>();
        foreach (var counter in counters)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var scope = new CountedScope(counter.ScopeKind, counter.ScopeId, counter.Model, counter.EndUser);
            var sum = RecordSums.Sum(
                context.Database.GetDbConnection(), context.Database.CurrentTransaction!.GetDbTransaction(), scope, counter.Window, counter.Start);

            // A day allows for time zones. Archived records are no longer here, so such a counter may only be larger.
            var isComplete = archivedTo is not { } last || counter.Start > last.AddDays(1);
            Compare(counter, scope, sum, isComplete, differences);
        }

        return differences;
    }

    private static void Compare(BudgetCounter counter, CountedScope scope, BudgetFigures records, bool isComplete, List<BudgetDifference> differences)
    {
        Check("requests", counter.Requests, records.Requests);
        Check("inFlight", counter.InFlight, records.InFlight);
        Check("settledTokens", counter.SettledTokens, records.SettledTokens);
        Check("heldTokens", counter.HeldTokens, records.HeldTokens);
        Check("settled", counter.SettledNanoUsd, records.SettledNanoUsd);
        Check("held", counter.HeldNanoUsd, records.HeldNanoUsd);

        void Check(string field, long counted, long recorded)
        {
            if (isComplete ? counted != recorded : counted < recorded)
                differences.Add(new(scope, BudgetWindow.NameOf(counter.Window), counter.Start, field, counted, recorded));
        }
    }
}
