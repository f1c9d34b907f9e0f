using AiGateway.Application.Administration;
using AiGateway.Application.ApiKeys;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Audit;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores;

internal sealed class ApiKeyStore(IDbContextFactory<GatewayContext> contexts) : IApiKeyStore
{
    public Task AddAsync(ApiKey key, Actor by, CancellationToken cancellationToken) => contexts.ChangeAsync(
        by,
        key.CreatedAt,
        (context, _) =>
        {
            context.ApiKeys.Add(key);
            var change = new AuditedChange(AdminActions.CreateKey, AdminTargets.Key, key.Id, before: null, KeyState.Of(key));
            return Task.FromResult(new Audited<ApiKey>(key, change));
        },
        cancellationToken);

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

    public Task<bool> RevokeAsync(Guid id, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.ChangeAsync(by, at, (context, attempt) => RevokeAsync(context, id, at, attempt), cancellationToken);

    private static async Task<Audited<bool>> RevokeAsync(
        GatewayContext context, Guid id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (await context.ApiKeys.SingleOrDefaultAsync(each => each.Id == id, cancellationToken) is not { } key) return new(false);
        if (key.RevokedAt is not null) return new(true);
        await context.RequireAnotherAsync(each => each.Id == id, each => each.Id != id, at, cancellationToken);
        var before = KeyState.Of(key);
        key.RevokedAt = at;
        return new(true, new AuditedChange(AdminActions.RevokeKey, AdminTargets.Key, id, before, KeyState.Of(key)));
    }
}
