using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Budgets;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Mapping.Budgets;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Archive;

/// <summary>Sums records that are archived by what decides their budgets.</summary>
internal static class ArchivedSums
{
    /// <summary>Every time zone of today is a multiple of it ahead of UTC or behind.</summary>
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    /// <summary>Sums records, none of which is held. Released records count for no budget.</summary>
    /// <param name="context">Knows the charge sets.</param>
    /// <param name="records">The records.</param>
    /// <param name="at">The time, for the ids.</param>
    /// <param name="cancellationToken">Cancels the reads.</param>
    public static async Task<List<ArchivedUse>> OfAsync(
        GatewayContext context, IReadOnlyCollection<UsageRecord> records, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var counted = records.Where(static record => record.Status != UsageStatus.Released).ToList();
        HashSet<Guid> sets = [.. counted.Where(static record => record.ChargeSet is not null).Select(static record => record.ChargeSet!.Value)];
        var elsewhere = await context.ChargeSetMembers
            .Where(member => sets.Contains(member.SetId) && member.Kind != ChargeSetMember.ModelKind && member.Name != LocalDays.Utc)
            .Select(member => member.SetId).Distinct().ToListAsync(cancellationToken);
        return [.. counted.GroupBy(record => KeyOf(record, elsewhere)).Select(group => new ArchivedUse
        {
            Id = Guid.CreateVersion7(at),
            Slot = group.Key.Slot,
            UserId = group.Key.UserId,
            ApiKeyId = group.Key.ApiKeyId,
            ChargeSet = group.Key.ChargeSet,
            RequestedModel = group.Key.RequestedModel,
            EndUser = group.Key.EndUser,
            Requests = group.LongCount(),
            SettledTokens = group.Sum(RecordSums.TokensOf),
            SettledNanoUsd = group.Sum(static record => record.CostNanoUsd),
        })];
    }

    private static (DateTimeOffset Slot, Guid UserId, Guid? ApiKeyId, Guid? ChargeSet, string RequestedModel, string? EndUser) KeyOf(
        UsageRecord record, List<Guid> elsewhere)
    {
        var slot = record.ChargeSet is { } set && elsewhere.Contains(set) ? Quarter : TimeSpan.FromDays(1);
        var start = record.CreatedAt.UtcTicks - (record.CreatedAt.UtcTicks % slot.Ticks);
        return (new(start, TimeSpan.Zero), record.UserId, record.ApiKeyId, record.ChargeSet, record.RequestedModel, record.EndUser);
    }
}
