using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Budgets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Persistence.Stores.Budgets;

/// <summary>
/// Moves the counters of budgets with the correction of a record. A counter that is not opened yet sums the corrected record
/// later.
/// </summary>
internal static class BudgetCorrections
{
    /// <param name="context">In a transaction that has corrected the record and holds the lock of the budgets.</param>
    /// <param name="record">The record as it was before.</param>
    /// <param name="costNanoUsd">The corrected cost, in nano-dollars.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task MoveAsync(GatewayContext context, UsageRecord record, long costNanoUsd, CancellationToken cancellationToken)
    {
        var request = ToRequest(context, record);
        List<ChargedScope> scopes = [.. request.Scopes()];
        var ids = scopes.ConvertAll(scope => scope.Id);
        var budgets = (await context.Budgets.AsNoTracking().Where(budget => ids.Contains(budget.ScopeId)).ToListAsync(cancellationToken))
            .ToLookup(budget => budget.ScopeId);
        var keys = scopes.SelectMany(scope => budgets[scope.Id].Select(budget => request.CountFor(budget, scope))).OfType<CountedBudget>()
            .Select(each => (each.Scope.CounterId, each.Budget.Window.Code, each.Start)).Distinct().Order();
        var cost = costNanoUsd - record.CostNanoUsd;
        var requests = record.Status == UsageStatus.Released && costNanoUsd > 0 ? 1 : 0;

        // A settled record counts its own tokens, an expired one those that were held.
        var tokens = record.Status == UsageStatus.Expired ? record.PromptTokens + record.CompletionTokens - (record.HeldTokens ?? 0) : 0;
        foreach (var (id, window, start) in keys)
        {
            await context.BudgetCounters.Where(counter => counter.Id == id && counter.Window == window && counter.Start == start)
                .ExecuteUpdateAsync(
                    counter => counter.SetProperty(each => each.SettledNanoUsd, each => each.SettledNanoUsd + cost)
                        .SetProperty(each => each.SettledTokens, each => each.SettledTokens + tokens)
                        .SetProperty(each => each.Requests, each => each.Requests + requests),
                    cancellationToken);
        }
    }

    private static CountedRequest ToRequest(GatewayContext context, UsageRecord record)
    {
        ChargeSet? set = null;
        if (record.ChargeSet is { } id)
            set = BudgetQueries.ReadSets(context.Database.GetDbConnection(), context.Database.CurrentTransaction!.GetDbTransaction(), [id])[id];
        return new(record.UserId, record.ApiKeyId, record.CreatedAt, record.RequestedModel, record.EndUser, set);
    }
}
