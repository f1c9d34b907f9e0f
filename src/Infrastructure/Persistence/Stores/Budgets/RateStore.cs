using AiGateway.Application.Administration;
using AiGateway.Application.Budgets;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Audit;
using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores.Budgets;

internal sealed class RateStore(IDbContextFactory<GatewayContext> contexts, TimeProvider time) : IRateStore
{
    public Task<IReadOnlyList<RateState>> ReadAsync(IReadOnlyList<Guid> scopes, CancellationToken cancellationToken) =>
        contexts.RunAsync<IReadOnlyList<RateState>>(
            async (context, attempt) =>
            {
                var rates = (await context.Rates.AsNoTracking().Where(rate => scopes.Contains(rate.ScopeId)).ToListAsync(attempt))
                    .ToLookup(rate => rate.ScopeId);
                if (rates.Count == 0) return [];
                var now = await context.ReadClockAsync(time, attempt);
                return [.. scopes.SelectMany(scope => rates[scope].OrderBy(rate => rate.Metric)).Select(rate => new RateState(rate, rate.Tat, now))];
            },
            cancellationToken);

    public Task ReplaceAsync(
        ScopeKind kind, Guid id, RateAmounts amounts, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.ChangeAsync(
            by,
            at,
            async (context, attempt) =>
            {
                await context.LockAsync(DatabaseLock.Budgets, attempt);
                var before = await RateRows.ReplaceAsync(context, kind, id, amounts, at, attempt);
                return new Audited<bool>(true, new AuditedChange(AdminActions.SetRates, kind.ToName(), id, ToState(before), ToState(amounts)));
            },
            cancellationToken);

    private static RatesState ToState(RateAmounts amounts) => new(amounts.RequestsPerMinute, amounts.TokensPerMinute);
}
