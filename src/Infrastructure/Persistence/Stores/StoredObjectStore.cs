using AiGateway.Application.StoredResponses;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores;

/// <summary>
/// Every query runs on a thread of its own, because SQLite's driver blocks the thread while it waits for a lock.
/// </summary>
internal sealed class StoredObjectStore(
    IDbContextFactory<GatewayContext> contexts, LedgerSettings ledger, TimeProvider time) : IStoredObjectStore
{
    // SQL Server takes 2,100 parameters in one statement, SQLite 32,766.
    private const int MaxIdsAtOnce = 500;

    public Task<IReadOnlyList<OwnedObject>> FindAsync(
        Guid userId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        Task.Run(() => ReadAsync(userId, ids, cancellationToken), cancellationToken)
            .ReachedWithinAsync(ledger.CommitTimeout, time, cancellationToken);

    public Task<IReadOnlyList<string>> FindForeignAsync(
        Guid userId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        Task.Run(() => ReadForeignAsync(userId, ids, cancellationToken), cancellationToken)
            .ReachedWithinAsync(ledger.CommitTimeout, time, cancellationToken);

    public Task AddAsync(IReadOnlyCollection<StoredObject> objects, CancellationToken cancellationToken) =>
        Task.Run(() => InsertAsync(objects, cancellationToken), cancellationToken).WaitAsync(ledger.CommitTimeout, time, cancellationToken);

    public Task RemoveAsync(Guid userId, string id, CancellationToken cancellationToken) =>
        Task.Run(() => DeleteAsync(userId, id, cancellationToken), cancellationToken)
            .ReachedWithinAsync(ledger.CommitTimeout, time, cancellationToken);

    private async Task<IReadOnlyList<OwnedObject>> ReadAsync(
        Guid userId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var found = new List<OwnedObject>();
        foreach (var few in ids.Chunk(MaxIdsAtOnce))
        {
            var owned =
                from stored in context.StoredObjects.AsNoTracking()
                where stored.UserId == userId && few.Contains(stored.Id)
                join record in context.UsageRecords on stored.RequestId equals record.Id into records
                from record in records.DefaultIfEmpty()
                select new OwnedObject(
                    stored.Id,
                    stored.Provider,
                    record == null ? stored.Tokens
                    : record.Status == UsageStatus.Held || record.UsageSource == UsageSource.Provider || record.UsageSource == UsageSource.Held
                        ? record.PromptTokens + record.CompletionTokens
                        : null,
                    record == null ? null : record.RequestedModel,
                    record == null ? null : record.Model);
            found.AddRange(await owned.ToListAsync(cancellationToken));
        }

        return found;
    }

    private async Task<IReadOnlyList<string>> ReadForeignAsync(
        Guid userId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var found = new List<string>();
        foreach (var few in ids.Chunk(MaxIdsAtOnce))
        {
            var foreign = context.StoredObjects.Where(stored => stored.UserId != userId && few.Contains(stored.Id)).Select(stored => stored.Id);
            found.AddRange(await foreign.ToListAsync(cancellationToken));
        }

        return found;
    }

    private Task InsertAsync(IReadOnlyCollection<StoredObject> objects, CancellationToken cancellationToken) => contexts.SaveAsync(
        async context =>
        {
            var ids = objects.Select(each => each.Id).ToArray();
            var known = await context.StoredObjects.Where(each => ids.Contains(each.Id)).Select(each => each.Id).ToListAsync(cancellationToken);
            context.StoredObjects.AddRange(objects.Where(each => !known.Contains(each.Id)));
        },
        cancellationToken);

    private async Task<int> DeleteAsync(Guid userId, string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.StoredObjects.Where(each => each.UserId == userId && each.Id == id).ExecuteDeleteAsync(cancellationToken);
    }
}
