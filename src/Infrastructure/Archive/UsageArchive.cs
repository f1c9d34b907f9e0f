using System.Runtime.CompilerServices;
using AiGateway.Application.Ports;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Archive;

/// <summary>
/// Removes records under the eyes of gateways that write. It locks records alone, and the ledger does so first as well;
/// counters stay as they are, since the sums of what was removed take the records' place.
/// </summary>
internal sealed class UsageArchive(IDbContextFactory<GatewayContext> contexts, TimeProvider time) : IUsageArchive
{
    private const int PageSize = 2000;

    public async IAsyncEnumerable<UsageRecord> ReadAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Page by page: one read of all would keep SQLite's write-ahead log from being cleared for as long.
        UsageRecord? last = null;
        List<UsageRecord> page;
        do
        {
            page = await ReadPageAsync(before, last, cancellationToken);
            foreach (var record in page) yield return last = record;
        }
        while (page.Count == PageSize);
    }

    public async Task<int> RemoveAsync(IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        int? removed;
        do removed = await contexts.RunAsync((context, attempt) => TryRemoveAsync(context, records, attempt), cancellationToken);
        while (removed is null);

        // SQLite has one writer at a time: the ledger gets as long as this took.
        await Task.Delay(time.GetElapsedTime(start), time, cancellationToken);
        return removed.Value;
    }

    private async Task<List<UsageRecord>> ReadPageAsync(DateTimeOffset before, UsageRecord? last, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var records = context.UsageRecords.AsNoTracking().Where(record => record.CreatedAt < before && record.Status != UsageStatus.Held);
        if (last is not null)
        {
            records = records.Where(record => record.CreatedAt >= last.CreatedAt
                && (record.CreatedAt > last.CreatedAt || record.Id > last.Id));
        }

        return await records.OrderBy(record => record.CreatedAt).ThenBy(record => record.Id).Take(PageSize).ToListAsync(cancellationToken);
    }

    /// <summary>Null when a record changed in between: then nothing was done.</summary>
    private static async Task<int?> TryRemoveAsync(
        GatewayContext context, IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        var ids = records.Select(record => record.Id).ToArray();
        var corrected = await CountCorrectionsAsync(context, ids, cancellationToken);
        var unchanged = await FindUnchangedAsync(context, records, cancellationToken);
        if (unchanged.Count == 0) return 0;
        var sums = DaySums.Of(unchanged, archived: true).ToList();
        var made = await FindMadeAsync(context, unchanged, cancellationToken);

        // Everything that can be thought over before is: in SQLite the ledger waits from here on.
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await DeleteAsync(context, unchanged, cancellationToken) != unchanged.Count) return null;

        // A correction takes the record's lock first, so that none can be under way any more.
        if (await CountCorrectionsAsync(context, ids, cancellationToken) != corrected) return null;
        await DaySums.ForgetAsync(context, [.. unchanged.Select(record => record.Day).Distinct()], cancellationToken);
        await DaySums.AddAsync(context, sums, cancellationToken);
        foreach (var record in made) await RememberTokensAsync(context, record, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return unchanged.Count;
    }

    private static async Task<List<UsageRecord>> FindUnchangedAsync(
        GatewayContext context, IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        var ids = records.Select(record => record.Id).ToArray();
        var present = await context.UsageRecords.AsNoTracking()
            .Where(record => ids.Contains(record.Id) && record.Status != UsageStatus.Held)
            .ToDictionaryAsync(record => record.Id, ArchiveLine.Of, cancellationToken);
        return [.. records.DistinctBy(record => record.Id).Where(record => present.GetValueOrDefault(record.Id) == ArchiveLine.Of(record))];
    }

    /// <summary>Those that made something which a provider keeps.</summary>
    private static async Task<List<UsageRecord>> FindMadeAsync(
        GatewayContext context, List<UsageRecord> records, CancellationToken cancellationToken)
    {
        var ids = records.Select(record => record.Id).ToArray();
        var made = await context.StoredObjects.Where(stored => ids.Contains(stored.RequestId))
            .Select(stored => stored.RequestId).Distinct().ToListAsync(cancellationToken);
        return records.FindAll(record => made.Contains(record.Id));
    }

    /// <summary>
    /// A record that ended changes no more, unless it is expired and then settled, or corrected: one that still has the
    /// status that it had, and as many corrections, is what it was.
    /// </summary>
    private static async Task<int> DeleteAsync(GatewayContext context, List<UsageRecord> records, CancellationToken cancellationToken)
    {
        var expired = records.Where(record => record.Status == UsageStatus.Expired).Select(record => record.Id).ToArray();
        var ended = records.Where(record => record.Status != UsageStatus.Expired).Select(record => record.Id).ToArray();
        var deleted = 0;
        if (ended.Length > 0)
        {
            deleted += await context.UsageRecords
                .Where(record => ended.Contains(record.Id) && record.Status != UsageStatus.Held && record.Status != UsageStatus.Expired)
                .ExecuteDeleteAsync(cancellationToken);
        }

        if (expired.Length > 0)
        {
            deleted += await context.UsageRecords
                .Where(record => expired.Contains(record.Id) && record.Status == UsageStatus.Expired)
                .ExecuteDeleteAsync(cancellationToken);
        }

        return deleted;
    }

    private static Task<int> CountCorrectionsAsync(GatewayContext context, Guid[] ids, CancellationToken cancellationToken) =>
        context.UsageCorrections.CountAsync(correction => ids.Contains(correction.RequestId), cancellationToken);

    /// <summary>What a provider still keeps can be asked about for years: what it would cost must stay known.</summary>
    private static Task<int> RememberTokensAsync(GatewayContext context, UsageRecord record, CancellationToken cancellationToken) =>
        context.StoredObjects.Where(stored => stored.RequestId == record.Id).ExecuteUpdateAsync(
            stored => stored.SetProperty(each => each.Tokens, record.PromptTokens + record.CompletionTokens), cancellationToken);
}
