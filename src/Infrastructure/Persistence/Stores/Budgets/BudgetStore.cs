using AiGateway.Application.Administration;
using AiGateway.Application.Budgets;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Audit;
using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores.Budgets;

internal sealed class BudgetStore(IDbContextFactory<GatewayContext> contexts) : IBudgetStore
{
    public Task<bool> ExistsAsync(ScopeKind kind, Guid id, CancellationToken cancellationToken) => contexts.RunAsync(
        (context, attempt) => kind switch
        {
            ScopeKind.User => context.Users.AnyAsync(user => user.Id == id, attempt),
            ScopeKind.Key => context.ApiKeys.AnyAsync(key => key.Id == id, attempt),
            _ => context.Scopes.AnyAsync(scope => scope.Id == id && scope.Kind == kind, attempt),
        },
        cancellationToken);

    public Task<ScopeBudgets> ReadAsync(ScopeKind kind, Guid id, DateTimeOffset at, CancellationToken cancellationToken) => contexts.RunAsync(
        async (context, attempt) =>
        {
            await using var state = await context.BeginReportAsync(attempt);
            var limits = kind == ScopeKind.User
                ? (await context.Quotas.AsNoTracking().SingleOrDefaultAsync(quota => quota.UserId == id, attempt))?.Limits
                : null;
            var budgets = await OfScopesAsync(context, [id], attempt);
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
            var budgets = (await OfScopesAsync(context, scopes.ConvertAll(scope => scope.Id), attempt)).ToLookup(budget => budget.ScopeId);
            var counted = scopes.SelectMany(scope => budgets[scope.Id].Select(budget => request.CountFor(budget, scope)))
                .OfType<CountedBudget>().Where(each => each.Budget.IsValidAt(request.At)).ToList();
            return await BudgetUses.ReadAsync(context, counted, attempt);
        },
        cancellationToken);

    public Task ReplaceAsync(
        ScopeKind kind, Guid id, IReadOnlyList<Budget> budgets, QuotaLimits? limits, Actor by, DateTimeOffset at,
        CancellationToken cancellationToken) =>
        contexts.ChangeAsync(
            by,
            at,
            async (context, attempt) =>
            {
                await context.LockAsync(DatabaseLock.Budgets, attempt);
                var limitsBefore = kind == ScopeKind.User ? await SetLimitsAsync(context, id, limits, at, attempt) : null;
                var before = await BudgetRows.ReplaceAsync(context, id, budgets, at, attempt);
                return new Audited<bool>(true, new AuditedChange(
                    AdminActions.SetBudgets, kind.ToName(), id, BudgetsState.Of(limitsBefore, before), BudgetsState.Of(limits, budgets)));
            },
            cancellationToken);

    private static async Task<QuotaLimits?> SetLimitsAsync(
        GatewayContext context, Guid userId, QuotaLimits? limits, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var stored = await context.Quotas.SingleOrDefaultAsync(quota => quota.UserId == userId, cancellationToken);
        var before = stored?.Limits;
        if (limits is null)
        {
            if (stored is not null) context.Quotas.Remove(stored);
            return before;
        }

        var quota = stored ?? context.Quotas.Add(new Quota { UserId = userId }).Entity;
        quota.Set(limits, at);
        return before;
    }

    // In the order of their ids as this process compares them: SQL Server sorts ids by their random end.
    private static async Task<List<Budget>> OfScopesAsync(GatewayContext context, IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        [.. (await context.Budgets.AsNoTracking().Where(budget => ids.Contains(budget.ScopeId)).ToListAsync(cancellationToken))
            .OrderBy(budget => budget.Id)];

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
}
