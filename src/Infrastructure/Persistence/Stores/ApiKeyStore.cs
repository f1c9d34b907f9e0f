using AiGateway.Application.ApiKeys;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Stores.Teams;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores;

internal sealed class ApiKeyStore(IDbContextFactory<GatewayContext> contexts) : IApiKeyStore
{
    public Task AddAsync(ApiKey key, CancellationToken cancellationToken) =>
        contexts.RunAsync((context, attempt) => AddAsync(context, key, attempt), cancellationToken);

    public async Task<ApiKey?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.ApiKeys.AsNoTracking().SingleOrDefaultAsync(key => key.Id == id, cancellationToken);
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

    public Task<ApiKey?> UpdateAsync(Guid id, KeyChanges changes, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.RunAsync((context, attempt) => UpdateAsync(context, id, changes, at, attempt), cancellationToken);

    public Task<ApiKey?> RotateAsync(Guid id, KeyRotation rotation, CancellationToken cancellationToken) =>
        contexts.RunAsync((context, attempt) => RotateAsync(context, id, rotation, attempt), cancellationToken);

    public Task<bool> RevokeAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.RunAsync((context, attempt) => RevokeAsync(context, id, at, attempt), cancellationToken);

    private static async Task<bool> AddAsync(GatewayContext context, ApiKey key, CancellationToken cancellationToken)
    {
        await using var transaction = await context.BeginAloneAsync(DatabaseLock.Administrators, cancellationToken);
        if (key.TeamId is { } team) await context.RequireScopeAsync(ScopeKind.Team, team, cancellationToken);
        if (key.ProjectId is { } project) await context.RequireScopeAsync(ScopeKind.Project, project, cancellationToken);
        context.ApiKeys.Add(key);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task<ApiKey?> UpdateAsync(
        GatewayContext context, Guid id, KeyChanges changes, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var transaction = await context.BeginAloneAsync(DatabaseLock.Administrators, cancellationToken);
        var key = await context.ApiKeys.SingleOrDefaultAsync(each => each.Id == id, cancellationToken);
        if (key is null) return null;
        if (changes.TeamId.Value is { } team) await context.RequireScopeAsync(ScopeKind.Team, team, cancellationToken);
        if (changes.ProjectId.Value is { } project) await context.RequireScopeAsync(ScopeKind.Project, project, cancellationToken);
        await context.KeepingAnAdministratorAsync(
            at,
            () =>
            {
                Apply(changes, key);
                return context.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return key;
    }

    private static async Task<ApiKey?> RotateAsync(GatewayContext context, Guid id, KeyRotation rotation, CancellationToken cancellationToken)
    {
        await using var transaction = await context.BeginAloneAsync(DatabaseLock.Administrators, cancellationToken);
        var key = await context.ApiKeys.SingleOrDefaultAsync(each => each.Id == id, cancellationToken);
        if (key is null) return null;
        if (key.RevokedAt is not null) throw new AiGatewayException(ErrorCode.Conflict, $"The key {id} is revoked. Create another key.");
        key.PreviousHash = rotation.PreviousValidUntil is null ? null : key.Hash;
        key.PreviousValidUntil = rotation.PreviousValidUntil;
        (key.Prefix, key.Hash) = (rotation.Prefix, rotation.Hash);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return key;
    }

    private static void Apply(KeyChanges changes, ApiKey key)
    {
        key.Name = changes.Name ?? key.Name;
        key.Description = changes.Description.Or(key.Description);
        key.Tags = changes.Tags.Or(key.Tags);
        key.ExpiresAt = changes.ExpiresAt.Or(key.ExpiresAt);
        key.AllowedModels = changes.AllowedModels.Or(key.AllowedModels);
        key.AllowedNetworks = changes.AllowedNetworks.Or(key.AllowedNetworks);
        key.TeamId = changes.ProjectId.Value is null ? changes.TeamId.Or(key.TeamId) : null;
        key.ProjectId = changes.TeamId.Value is null ? changes.ProjectId.Or(key.ProjectId) : null;
    }

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
