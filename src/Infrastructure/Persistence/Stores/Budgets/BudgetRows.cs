using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores.Budgets;

/// <summary>
/// Changes the rows of budgets, in a transaction that holds <see cref="DatabaseLock.Budgets"/>. The ledger's transactions that
/// decided by the old rows are committed then, and later ones find a new epoch.
/// </summary>
internal static class BudgetRows
{
    /// <summary>Replaces the budgets of a scope; returns those before.</summary>
    public static async Task<List<Budget>> ReplaceAsync(
        GatewayContext context, Guid scopeId, IReadOnlyList<Budget> budgets, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var before = await context.Budgets.AsNoTracking().Where(budget => budget.ScopeId == scopeId).ToListAsync(cancellationToken);
        var since = before.GroupBy(CountOf).ToDictionary(group => group.Key, group => group.Min(budget => budget.CountedSince));
        await context.Budgets.Where(budget => budget.ScopeId == scopeId).ExecuteDeleteAsync(cancellationToken);
        context.Budgets.AddRange(budgets.Select(budget => budget with { CountedSince = since.GetValueOrDefault(CountOf(budget), at) }));

        // A counter that is not kept up to date must not be found later.
        var goOn = budgets.Select(CountOf).Where(since.ContainsKey).ToHashSet();
        foreach (var count in before.Concat(budgets).Select(CountOf).Distinct().Where(count => !goOn.Contains(count)))
            await RemoveCountersAsync(context, scopeId, count, cancellationToken);
        await context.BudgetState.ExecuteUpdateAsync(
            state => state.SetProperty(each => each.Epoch, each => each.Epoch + 1)
                .SetProperty(each => each.Budgets, each => each.Budgets + budgets.Count - before.Count),
            cancellationToken);
        return before;
    }

    /// <summary>Removes budgets that stood for one of the three limits of a user, because the limits are set again.</summary>
    public static async Task RemoveLimitsOfUserAsync(GatewayContext context, Guid userId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var own = await context.Budgets.AsNoTracking().Where(budget => budget.ScopeId == userId).ToListAsync(cancellationToken);
        if (!own.Exists(static budget => budget.IsLimitOfUser)) return;
        await context.LockAsync(DatabaseLock.Budgets, cancellationToken);
        await ReplaceAsync(context, userId, own.FindAll(static budget => !budget.IsLimitOfUser), at, cancellationToken);
    }

    private static Task<int> RemoveCountersAsync(GatewayContext context, Guid scopeId, BudgetCount count, CancellationToken cancellationToken)
    {
        var code = count.Window.Code;
        return context.BudgetCounters
            .Where(counter => counter.ScopeId == scopeId && counter.Window == code && counter.Model == count.Model
                && counter.EndUser != null == count.PerEndUser)
            .ExecuteDeleteAsync(cancellationToken);
    }

    private static BudgetCount CountOf(Budget budget) => new(budget.Model, budget.PerEndUser, budget.Window with
    {
        // Only the remainder matters: windows that start on the same days are counted together.
        From = budget.WindowKind == PeriodKind.Days ? DateOnly.FromDayNumber(budget.Window.From.DayNumber % budget.WindowDays) : default,
    });

    /// <summary>Budgets with an equal count share their counters.</summary>
    private readonly record struct BudgetCount(string? Model, bool PerEndUser, BudgetWindow Window);
}
