using AiGateway.Application.Ports;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence;

internal sealed class QuotaStore(IDbContextFactory<GatewayContext> contexts) : IQuotaStore
{
    public async Task<QuotaLimits?> FindLimitsAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var quota = await context.Quotas.AsNoTracking().SingleOrDefaultAsync(each => each.UserId == userId, cancellationToken);
        return quota?.Limits;
    }

    public Task SaveLimitsAsync(Guid userId, QuotaLimits limits, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.SaveAsync(
            async context =>
            {
                var quota = await context.Quotas.SingleOrDefaultAsync(each => each.UserId == userId, cancellationToken)
                    ?? context.Quotas.Add(new Quota { UserId = userId }).Entity;
                quota.DailyRequests = limits.DailyRequests;
                quota.MonthlyRequests = limits.MonthlyRequests;
                quota.MonthlySpendNanoUsd = limits.MonthlySpendNanoUsd;
                quota.UpdatedAt = at;
            },
            cancellationToken);

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
}
