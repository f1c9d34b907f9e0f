using AiGateway.Application.Administration;
using AiGateway.Application.Quotas;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Audit;
using AiGateway.Infrastructure.Persistence.Stores.Budgets;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores;

internal sealed class QuotaStore(IDbContextFactory<GatewayContext> contexts) : IQuotaStore
{
    public async Task<QuotaLimits?> FindLimitsAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var quota = await context.Quotas.AsNoTracking().SingleOrDefaultAsync(each => each.UserId == userId, cancellationToken);
        return quota?.Limits;
    }

    public Task SaveLimitsAsync(Guid userId, QuotaLimits limits, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.ChangeAsync(by, at, (context, attempt) => SaveLimitsAsync(context, userId, limits, at, attempt), cancellationToken);

    public async Task<QuotaUse> ReadUseAsync(Guid userId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (day, month) = (QuotaPeriod.DayOf(at), QuotaPeriod.MonthOf(at));
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var counters = await context.QuotaCounters.AsNoTracking()
            .Where(each => each.UserId == userId
                && ((each.Kind == PeriodKind.Day && each.Start == day.Start)
                    || (each.Kind == PeriodKind.Month && each.Start == month.Start)))
            .ToListAsync(cancellationToken);
        var ofDay = counters.Find(each => each.Kind == PeriodKind.Day);
        var ofMonth = counters.Find(each => each.Kind == PeriodKind.Month);
        return new QuotaUse(
            ofDay?.Requests ?? 0, ofMonth?.Requests ?? 0, ofMonth?.SettledNanoUsd ?? 0, ofMonth?.HeldNanoUsd ?? 0);
    }

    private static async Task<Audited<Quota>> SaveLimitsAsync(
        GatewayContext context, Guid userId, QuotaLimits limits, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var stored = await context.Quotas.SingleOrDefaultAsync(each => each.UserId == userId, cancellationToken);
        var before = stored is null ? null : UserLimitsState.Of(stored.Limits);
        var quota = stored ?? context.Quotas.Add(new Quota { UserId = userId }).Entity;
        quota.Set(limits, at);
        await BudgetRows.RemoveLimitsOfUserAsync(context, userId, at, cancellationToken);
        return new(quota, new AuditedChange(AdminActions.SetQuota, AdminTargets.User, userId, before, UserLimitsState.Of(limits)));
    }
}
