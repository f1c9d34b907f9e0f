using System.Runtime.CompilerServices;
using AiGateway.Application.Administration;
using AiGateway.Application.Archive;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Audit;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Reports;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Archive;

/// <summary>
/// Removes records while gateways write. It locks only records, which the ledger also locks first. Counters stay as they
/// are, because the sums of the archived records replace the records.
/// </summary>
internal sealed class UsageArchive(IDbContextFactory<GatewayContext> contexts, TimeProvider time) : IUsageArchive
{
    private const int PageSize = 2000;

    public async Task<long> CountAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Removable(context, before).LongCountAsync(cancellationToken);
    }

    public async IAsyncEnumerable<UsageRecord> ReadAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Page by page: one long read would keep SQLite from clearing its write-ahead log.
        UsageRecord? last = null;
        List<UsageRecord> page;
        do
        {
            page = await ReadPageAsync(before, last, cancellationToken);
            foreach (var record in page) yield return last = record;
        }
        while (page.Count == PageSize);
    }

    public async Task<int> RemoveAsync(
        IReadOnlyList<UsageRecord> records, Actor by, ArchivedFile? file, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        int? removed;
        do removed = await contexts.RunAsync((context, attempt) => TryRemoveAsync(context, records, by, file, attempt), cancellationToken);
        while (removed is null);

        // SQLite has one writer at a time. The ledger gets a turn as long as this transaction took.
        await Task.Delay(time.GetElapsedTime(start), time, cancellationToken);
        return removed.Value;
    }

    private async Task<List<UsageRecord>> ReadPageAsync(DateTimeOffset before, UsageRecord? last, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var records = Removable(context, before);
        if (last is not null)
        {
            records = records.Where(record => record.CreatedAt >= last.CreatedAt
                && (record.CreatedAt > last.CreatedAt || record.Id > last.Id));
        }

        return await records.OrderBy(record => record.CreatedAt).ThenBy(record => record.Id).Take(PageSize).ToListAsync(cancellationToken);
    }

    private static IQueryable<UsageRecord> Removable(GatewayContext context, DateTimeOffset before) =>
        context.UsageRecords.AsNoTracking().Where(record => record.CreatedAt < before && record.Status != UsageStatus.Held);

    /// <summary>Null when a record changed meanwhile; then nothing was done.</summary>
    private async Task<int?> TryRemoveAsync(
        GatewayContext context, IReadOnlyList<UsageRecord> records, Actor by, ArchivedFile? file, CancellationToken cancellationToken)
    {
        var ids = records.Select(record => record.Id).ToArray();
        var corrected = await CountCorrectionsAsync(context, ids, cancellationToken);
        var unchanged = await FindUnchangedAsync(context, records, cancellationToken);
        if (unchanged.Count == 0) return 0;
        var sums = DailyUsageReports.Of(unchanged, archived: true).ToList();
        var used = await ArchivedSums.OfAsync(context, unchanged, time.GetUtcNow(), cancellationToken);
        var made = await FindMadeAsync(context, unchanged, cancellationToken);

        // Everything is prepared before this point: from here on the ledger waits in SQLite.
        await using var transaction = file is null
            ? await context.Database.BeginTransactionAsync(cancellationToken)
            : await context.BeginAloneAsync(DatabaseLock.Administrators, cancellationToken);
        if (await DeleteAsync(context, unchanged, cancellationToken) != unchanged.Count) return null;

        // A correction takes the record's lock first, so none can be in progress now.
        if (await CountCorrectionsAsync(context, ids, cancellationToken) != corrected) return null;
        await DailyUsageReports.ForgetAsync(context, [.. unchanged.Select(record => record.Day).Distinct()], cancellationToken);
        await DailyUsageReports.AddAsync(context, sums, cancellationToken);
        context.ArchivedUse.AddRange(used);
        foreach (var record in made) await RememberTokensAsync(context, record, cancellationToken);
        if (file is not null) await context.AppendAsync(by, time.GetUtcNow(), [ToChange(file)], cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return unchanged.Count;
    }

    private static AuditedChange ToChange(ArchivedFile file) => new(
        AdminActions.ArchiveUsage, AdminTargets.Archive, Path.GetFileName(file.Path), null, new ArchiveState(file.Path, file.Records));

    private static async Task<List<UsageRecord>> FindUnchangedAsync(
        GatewayContext context, IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        var ids = records.Select(record => record.Id).ToArray();
        var present = await context.UsageRecords.AsNoTracking()
            .Where(record => ids.Contains(record.Id) && record.Status != UsageStatus.Held)
            .ToDictionaryAsync(record => record.Id, ArchiveLine.Of, cancellationToken);
        return [.. records.DistinctBy(record => record.Id).Where(record => present.GetValueOrDefault(record.Id) == ArchiveLine.Of(record))];
    }

    /// <summary>Records whose request created an object that a provider stores.</summary>
    private static async Task<List<UsageRecord>> FindMadeAsync(
        GatewayContext context, List<UsageRecord> records, CancellationToken cancellationToken)
    {
        var ids = records.Select(record => record.Id).ToArray();
        var made = await context.StoredObjects.Where(stored => ids.Contains(stored.RequestId))
            .Select(stored => stored.RequestId).Distinct().ToListAsync(cancellationToken);
        return records.FindAll(record => made.Contains(record.Id));
    }

    /// <summary>
    /// A finished record changes only when it is expired and then settled, or corrected. With the same status and number of
    /// corrections, it is unchanged.
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

    /// <summary>Stored objects can be used for years, so their token counts must stay known.</summary>
    private static Task<int> RememberTokensAsync(GatewayContext context, UsageRecord record, CancellationToken cancellationToken) =>
        context.StoredObjects.Where(stored => stored.RequestId == record.Id).ExecuteUpdateAsync(
            stored => stored.SetProperty(each => each.Tokens, record.PromptTokens + record.CompletionTokens), cancellationToken);
}
