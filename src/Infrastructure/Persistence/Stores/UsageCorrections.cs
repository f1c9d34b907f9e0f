using System.Data;
using AiGateway.Application.Administration;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Audit;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Stores.Budgets;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores;

/// <summary>
/// Corrects records while gateways write. It locks in the order of the ledger: the record, the budgets, the counter of its
/// day, the counter of its month, the counters of budgets.
/// </summary>
internal sealed class UsageCorrections(IDbContextFactory<GatewayContext> contexts, TimeProvider time) : IUsageCorrections
{
    public async Task<UsageCorrection> CorrectAsync(NewCorrection correction, Actor by, CancellationToken cancellationToken)
    {
        UsageCorrection? made;
        do
        {
            var now = time.GetUtcNow();
            made = await contexts.ChangeAsync(
                by, now, (context, attempt) => TryCorrectAsync(context, correction, by.UserId!.Value, now, attempt), cancellationToken);
        }
        while (made is null);
        return made;
    }

    public async Task<IReadOnlyList<UsageCorrection>> ListAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.UsageCorrections.AsNoTracking().Where(each => each.RequestId == requestId)
            .OrderBy(each => each.CreatedAt).ThenBy(each => each.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Null when the record changed meanwhile; then nothing was done.</summary>
    private static async Task<Audited<UsageCorrection?>> TryCorrectAsync(
        GatewayContext context, NewCorrection correction, Guid administrator, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var record = await context.UsageRecords.AsNoTracking()
            .SingleOrDefaultAsync(each => each.Id == correction.RequestId, cancellationToken)
            ?? throw new AiGatewayException(ErrorCode.NotFound, $"There is no usage record {correction.RequestId}. It may be archived.");
        if (record.Status == UsageStatus.Held)
            throw new AiGatewayException(ErrorCode.Conflict, $"Request {record.Id} is still in progress. Correct it after it is settled.");

        if (!await TrySetCostAsync(context, record, correction.CostNanoUsd, cancellationToken)) return new(null);
        await context.LockAsync(DatabaseLock.Budgets, cancellationToken);
        await MoveCountersAsync(context, record, correction.CostNanoUsd, cancellationToken);
        await BudgetCorrections.MoveAsync(context, record, correction.CostNanoUsd, cancellationToken);
        var made = new UsageCorrection
        {
            Id = Guid.CreateVersion7(now),
            RequestId = record.Id,
            CreatedAt = now,
            CorrectedBy = administrator,
            PreviousCostNanoUsd = record.CostNanoUsd,
            CostNanoUsd = correction.CostNanoUsd,
            Reason = correction.Reason,
        };
        context.UsageCorrections.Add(made);
        return new(made, ToChange(record, made));
    }

    private static AuditedChange ToChange(UsageRecord record, UsageCorrection made) => new(
        AdminActions.CorrectUsage,
        AdminTargets.Request,
        record.Id,
        new CostState(Money.ToUsd(record.CostNanoUsd), record.Status),
        new CostState(Money.ToUsd(made.CostNanoUsd), StatusAfter(record, made.CostNanoUsd), made.Id, made.Reason));

    // A corrected request is settled: a later report of its gateway is ignored, because the invoice is known.
    private static UsageStatus StatusAfter(UsageRecord record, long costNanoUsd) =>
        record.Status == UsageStatus.Released && costNanoUsd == 0 ? UsageStatus.Released : UsageStatus.Settled;

    private static async Task<bool> TrySetCostAsync(
        GatewayContext context, UsageRecord record, long costNanoUsd, CancellationToken cancellationToken)
    {
        var status = StatusAfter(record, costNanoUsd);
        return await context.UsageRecords
            .Where(each => each.Id == record.Id && each.Status == record.Status && each.CostNanoUsd == record.CostNanoUsd)
            .ExecuteUpdateAsync(
                each => each.SetProperty(one => one.CostNanoUsd, costNanoUsd)
                    .SetProperty(one => one.Status, status)
                    .SetProperty(one => one.UsageSource, UsageSource.Corrected),
                cancellationToken) == 1;
    }

    private static async Task MoveCountersAsync(
        GatewayContext context, UsageRecord record, long costNanoUsd, CancellationToken cancellationToken)
    {
        var more = costNanoUsd - record.CostNanoUsd;
        var requests = record.Status == UsageStatus.Released && costNanoUsd > 0 ? 1 : 0;
        foreach (var (kind, start) in ((PeriodKind, DateOnly)[])[(PeriodKind.Day, record.Day), (PeriodKind.Month, record.Month)])
        {
            var moved = await context.QuotaCounters
                .Where(counter => counter.UserId == record.UserId && counter.Kind == kind && counter.Start == start)
                .ExecuteUpdateAsync(
                    counter => counter.SetProperty(each => each.SettledNanoUsd, each => each.SettledNanoUsd + more)
                        .SetProperty(each => each.Requests, each => each.Requests + requests),
                    cancellationToken);
            if (moved != 1) throw new DataException($"The {kind} counter of user {record.UserId} from {start:yyyy-MM-dd} is missing.");
        }
    }
}
