using AiGateway.Application.ApiKeys;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores;

internal sealed class ApiKeyStore(IDbContextFactory<GatewayContext> contexts) : IApiKeyStore
{
    public async Task AddAsync(ApiKey key, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.ApiKeys.Add(key);
        await context.SaveChangesAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<ApiKey>> ListAsync(
        Guid? userId, Guid? after, int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var keys = context.ApiKeys.AsNoTracking();
        if (userId is { } user) keys = keys.Where(key => key.UserId == user);
        if (after is { } id)
        {
            // By time first: SQL Server sorts ids by their random end.
            var last = context.ApiKeys.Where(key => key.Id == id);
            keys = keys.Where(key => last.Any(
                end => key.CreatedAt > end.CreatedAt || (key.CreatedAt == end.CreatedAt && key.Id > end.Id)));
        }

        return await keys.OrderBy(key => key.CreatedAt).ThenBy(key => key.Id).Take(limit).ToListAsync(cancellationToken);
    }

    public Task<bool> RevokeAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.RunAsync((context, attempt) => RevokeAsync(context, id, at, attempt), cancellationToken);

    private static async Task<bool> RevokeAsync(GatewayContext context, Guid id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var transaction = await context.BeginAloneAsync(DatabaseLock.Administrators, cancellationToken);
        await context.RequireAnotherAsync(key => key.Id == id, key => key.Id != id, at, cancellationToken);
        var revoked = await context.ApiKeys.Where(key => key.Id == id && key.RevokedAt == null)
            .ExecuteUpdateAsync(key => key.SetProperty(each => each.RevokedAt, at), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return revoked > 0 || await context.ApiKeys.AnyAsync(key => key.Id == id, cancellationToken);
    }
}
