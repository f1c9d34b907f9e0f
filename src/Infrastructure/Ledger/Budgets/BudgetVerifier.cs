using AiGateway.Application.Ledger;
using AiGateway.Application.Progress;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Mapping.Budgets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Ledger.Budgets;

/// <summary>Recomputes every counter of a budget from the usage records, on the snapshot of the context.</summary>
internal static class BudgetVerifier
{
    public static async Task<List<BudgetDifference>> CompareAsync(
        GatewayContext context, IWorkProgress progress, CancellationToken cancellationToken)
    {
        var unknownTo = await UnknownToAsync(context, cancellationToken);
        var counters = await context.BudgetCounters.AsNoTracking()
            .OrderBy(counter => counter.ScopeKind).ThenBy(counter => counter.Id).ThenBy(counter => counter.Window).ThenBy(counter => counter.Start)
            .ToListAsync(cancellationToken);
        var differences = new List<BudgetDifference>();
        using var step = progress.Begin("Recompute the counters of budgets", counters.Count);
        foreach (var counter in counters)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var scope = new CountedScope(counter.ScopeKind, counter.ScopeId, counter.Model, counter.EndUser);
            var sum = RecordSums.Sum(
                context.Database.GetDbConnection(), context.Database.CurrentTransaction!.GetDbTransaction(), scope, counter.Window, counter.Start);

            // A day allows for time zones. A counter with records of unknown use may only be larger.
            var isComplete = unknownTo is not { } last || counter.Start > last.AddDays(1);
            Compare(counter, scope, sum, isComplete, differences);
            step.Advance();
        }

        return differences;
    }

    /// <summary>
    /// The last day of records that a version without <see cref="ArchivedUse"/> archived; null: there are none.
    /// </summary>
    private static async Task<DateOnly?> UnknownToAsync(GatewayContext context, CancellationToken cancellationToken)
    {
        var archived = context.DailyUsage.Where(sum => sum.Archived && sum.Grouping == UsageGrouping.User);
        var requests = await archived.SumAsync(sum => sum.Requests, cancellationToken);
        var known = await context.ArchivedUse.SumAsync(use => use.Requests, cancellationToken);
        return requests == known ? null : await archived.MaxAsync(sum => (DateOnly?)sum.Day, cancellationToken);
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
