using AiGateway.Application.Ports;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence;

internal sealed class StoredObjectStore(IDbContextFactory<GatewayContext> contexts) : IStoredObjectStore
{
    public async Task<IReadOnlyList<OwnedObject>> FindAsync(
        Guid userId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var owned =
            from stored in context.StoredObjects.AsNoTracking()
            where stored.UserId == userId && ids.Contains(stored.Id)
            join record in context.UsageRecords on stored.RequestId equals record.Id into records
            from record in records.DefaultIfEmpty()
            select new OwnedObject(
                stored.Id, stored.Provider, record == null ? stored.Tokens ?? 0 : record.PromptTokens + record.CompletionTokens);
        return await owned.ToListAsync(cancellationToken);
    }

    public Task AddAsync(IReadOnlyCollection<StoredObject> objects, CancellationToken cancellationToken) => contexts.SaveAsync(
        async context =>
        {
            var ids = objects.Select(each => each.Id).ToArray();
            var known = await context.StoredObjects.Where(each => ids.Contains(each.Id)).Select(each => each.Id).ToListAsync(cancellationToken);
            context.StoredObjects.AddRange(objects.Where(each => !known.Contains(each.Id)));
        },
        cancellationToken);

    public async Task RemoveAsync(Guid userId, string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.StoredObjects.Where(each => each.UserId == userId && each.Id == id).ExecuteDeleteAsync(cancellationToken);
    }
}
