using AiGateway.Application.Budgets;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores.Budgets;

internal sealed class BudgetStore(IDbContextFactory<GatewayContext> contexts) : IBudgetStore
{
    public Task<string?> FindNameAsync(ScopeKind kind, Guid id, CancellationToken cancellationToken) => contexts.RunAsync(
        (context, attempt) => kind switch
        {
            ScopeKind.User => context.Users.Where(user => user.Id == id).Select(user => user.Name).SingleOrDefaultAsync(attempt),
            ScopeKind.Key => context.ApiKeys.Where(key => key.Id == id).Select(key => key.Name).SingleOrDefaultAsync(attempt),
            _ => context.Scopes.Where(scope => scope.Id == id && scope.Kind == kind).Select(scope => scope.Name).SingleOrDefaultAsync(attempt),
        },
        cancellationToken);

    public Task<ScopeBudgets> ReadAsync(ScopeKind kind, Guid id, DateTimeOffset at, CancellationToken cancellationToken) => contexts.RunAsync(
        async (context, attempt) =>
        {
            await using var state = await context.BeginReportAsync(attempt);
            var limits = kind == ScopeKind.User
                ? (await context.Quotas.AsNoTracking().SingleOrDefaultAsync(quota => quota.UserId == id, attempt))?.Limits
                : null;
            var budgets = await OfScopes(context, [id]).ToListAsync(attempt);
            var zone = await ZoneOfAsync(context, kind, id, attempt);
            var counted = budgets.ConvertAll(budget => new CountedBudget(
                budget,
                new CountedScope(kind, id, budget.Model, budget.PerEndUser ? "" : null),
                budget.Window.StartOf(LocalDays.DayOf(at, zone)),
                zone));
            return new ScopeBudgets(limits, await BudgetUses.ReadAsync(context, counted, attempt));
        },
        cancellationToken);

    public Task<IReadOnlyList<BudgetUse>> ReadAsync(CountedRequest request, CancellationToken cancellationToken) => contexts.RunAsync(
        async (context, attempt) =>
        {
            await using var state = await context.BeginReportAsync(attempt);
            List<ChargedScope> scopes = [.. request.Scopes()];
            var budgets = (await OfScopes(context, scopes.ConvertAll(scope => scope.Id)).ToListAsync(attempt)).ToLookup(budget => budget.ScopeId);
            var counted = scopes.SelectMany(scope => budgets[scope.Id].Select(budget => request.CountFor(budget, scope)))
                .OfType<CountedBudget>().Where(each => each.Budget.IsValidAt(request.At)).ToList();
            return await BudgetUses.ReadAsync(context, counted, attempt);
        },
        cancellationToken);

    public Task ReplaceAsync(
        ScopeKind kind, Guid id, IReadOnlyList<Budget> budgets, QuotaLimits? limits, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.RunAsync(
            async (context, attempt) =>
            {
                await using var transaction = await context.BeginAloneAsync(DatabaseLock.Budgets, attempt);
                if (kind == ScopeKind.User) await SetLimitsAsync(context, id, limits, at, attempt);
                await ReplaceAsync(context, id, budgets, at, attempt);
                await transaction.CommitAsync(attempt);
                return true;
            },
            cancellationToken);

    private static async Task ReplaceAsync(
        GatewayContext context, Guid id, IReadOnlyList<Budget> budgets, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var before = await OfScopes(context, [id]).ToListAsync(cancellationToken);
        var since = before.GroupBy(CountOf).ToDictionary(group => group.Key, group => group.Min(budget => budget.CountedSince));
        await context.Budgets.Where(budget => budget.ScopeId == id).ExecuteDeleteAsync(cancellationToken);
        context.Budgets.AddRange(budgets.Select(budget => budget with { CountedSince = since.GetValueOrDefault(CountOf(budget), at) }));
        await context.SaveChangesAsync(cancellationToken);

        // A counter that is not kept up to date must not be found later.
        var goOn = budgets.Select(CountOf).Where(since.ContainsKey).ToHashSet();
        foreach (var count in before.Concat(budgets).Select(CountOf).Distinct().Where(count => !goOn.Contains(count)))
            await RemoveAsync(context, id, count, cancellationToken);
        await context.BudgetState.ExecuteUpdateAsync(
            state => state.SetProperty(each => each.Epoch, each => each.Epoch + 1)
                .SetProperty(each => each.Budgets, each => each.Budgets + budgets.Count - before.Count),
            cancellationToken);
    }

    private static Task<int> RemoveAsync(GatewayContext context, Guid id, BudgetCount count, CancellationToken cancellationToken)
    {
        var code = count.Window.Code;
        return context.BudgetCounters
            .Where(counter => counter.ScopeId == id && counter.Window == code && counter.Model == count.Model
                && counter.EndUser != null == count.PerEndUser)
            .ExecuteDeleteAsync(cancellationToken);
    }

    private static async Task SetLimitsAsync(
        GatewayContext context, Guid userId, QuotaLimits? limits, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await context.Quotas.Where(quota => quota.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        if (limits is null) return;
        context.Quotas.Add(new Quota
        {
            UserId = userId,
            DailyRequests = limits.DailyRequests,
            MonthlyRequests = limits.MonthlyRequests,
            MonthlySpendNanoUsd = limits.MonthlySpendNanoUsd,
            UpdatedAt = at,
        });
    }

    private static IQueryable<Budget> OfScopes(GatewayContext context, IReadOnlyList<Guid> ids) =>
        context.Budgets.AsNoTracking().Where(budget => ids.Contains(budget.ScopeId)).OrderBy(budget => budget.ScopeKind).ThenBy(budget => budget.Id);

    /// <summary>The time zone of the scope, or of the nearest scope above it that has one.</summary>
    private static async Task<string> ZoneOfAsync(GatewayContext context, ScopeKind kind, Guid id, CancellationToken cancellationToken)
    {
        if (kind is ScopeKind.User or ScopeKind.Key) return LocalDays.Utc;
        Guid? next = id;
        while (next is { } at)
        {
            var scope = await context.Scopes.Where(each => each.Id == at).Select(each => new { each.TimeZone, each.ParentId }).SingleAsync(cancellationToken);
            if (scope.TimeZone is { } zone) return zone;
            next = scope.ParentId;
        }

        return LocalDays.Utc;
    }

    private static BudgetCount CountOf(Budget budget) => new(budget.Model, budget.PerEndUser, budget.Window with
    {
        // Only the remainder matters: windows that start on the same days are counted together.
        From = budget.WindowKind == PeriodKind.Days ? DateOnly.FromDayNumber(budget.Window.From.DayNumber % budget.WindowDays) : default,
    });

    /// <summary>Budgets with an equal count share their counters.</summary>
    private readonly record struct BudgetCount(string? Model, bool PerEndUser, BudgetWindow Window);
}
