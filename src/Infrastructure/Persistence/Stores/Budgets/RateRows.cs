using AiGateway.Application.Budgets;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores.Budgets;

/// <summary>
/// Changes the rows of rates, in a transaction that holds <see cref="DatabaseLock.Budgets"/>, as <see cref="BudgetRows"/> does.
/// </summary>
internal static class RateRows
{
    /// <summary>Replaces the rates of a scope; returns those before.</summary>
    public static async Task<RateAmounts> ReplaceAsync(
        GatewayContext context, ScopeKind kind, Guid scopeId, RateAmounts amounts, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var before = await context.Rates.AsNoTracking().Where(rate => rate.ScopeId == scopeId).ToListAsync(cancellationToken);
        var after = new List<Rate>();
        Keep(BudgetMetric.Requests, amounts.RequestsPerMinute);
        Keep(BudgetMetric.Tokens, amounts.TokensPerMinute);
        if (before.Count > 0 || after.Count > 0)
        {
            await context.Rates.Where(rate => rate.ScopeId == scopeId).ExecuteDeleteAsync(cancellationToken);
            context.Rates.AddRange(after);
            await context.BudgetState.ExecuteUpdateAsync(
                state => state.SetProperty(each => each.Epoch, each => each.Epoch + 1)
                    .SetProperty(each => each.Rates, each => each.Rates + after.Count - before.Count),
                cancellationToken);
        }

        return new(AmountOf(BudgetMetric.Requests), AmountOf(BudgetMetric.Tokens));

        // The share of the minute that is used stays, whatever the amount.
        void Keep(BudgetMetric metric, long? amount)
        {
            if (amount is not { } set) return;
            after.Add(before.Find(rate => rate.Metric == metric) is { } row
                ? row with { Amount = set, Since = row.Amount == set ? row.Since : at }
                : new Rate { ScopeId = scopeId, Metric = metric, ScopeKind = kind, Amount = set, Since = at });
        }

        long? AmountOf(BudgetMetric metric) => before.Find(rate => rate.Metric == metric)?.Amount;
    }
}
