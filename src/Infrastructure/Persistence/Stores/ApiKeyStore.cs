using AiGateway.Application.Administration;
using AiGateway.Application.ApiKeys;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Audit;
using AiGateway.Infrastructure.Persistence.Stores.Teams;
using AiGateway.Infrastructure.Persistence.Teams;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores;

internal sealed class ApiKeyStore(IDbContextFactory<GatewayContext> contexts) : IApiKeyStore
{
    public Task AddAsync(ApiKey key, Actor by, CancellationToken cancellationToken) =>
        contexts.ChangeAsync(by, key.CreatedAt, (context, attempt) => AddAsync(context, key, attempt), cancellationToken);

    public async Task<ApiKey?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.ApiKeys.AsNoTracking().SingleOrDefaultAsync(key => key.Id == id, cancellationToken);
    }

    public async Task<IReadOnlyList<ApiKey>> ListAsync(KeyFilter filter, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var keys = context.ApiKeys.AsNoTracking().OfTeam(context, filter.Reach.TeamId).OfTeam(context, filter.TeamId);
        if (filter.UserId is { } user) keys = keys.Where(key => key.UserId == user);
        if (filter.After is { } id)
        {
            // By time first: SQL Server sorts ids by their random end.
            var last = context.ApiKeys.Where(key => key.Id == id);
            keys = keys.Where(key => last.Any(
                end => key.CreatedAt > end.CreatedAt || (key.CreatedAt == end.CreatedAt && key.Id > end.Id)));
        }

        return await keys.OrderBy(key => key.CreatedAt).ThenBy(key => key.Id).Take(filter.Limit).ToListAsync(cancellationToken);
    }

    public Task<ApiKey?> UpdateAsync(Guid id, KeyChanges changes, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.ChangeAsync(by, at, (context, attempt) => UpdateAsync(context, id, changes, at, attempt), cancellationToken);

    public Task<ApiKey?> RotateAsync(Guid id, KeyRotation rotation, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.ChangeAsync(by, at, (context, attempt) => RotateAsync(context, id, rotation, attempt), cancellationToken);

    public Task<bool> RevokeAsync(Guid id, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.ChangeAsync(by, at, (context, attempt) => RevokeAsync(context, id, at, attempt), cancellationToken);

    private static async Task<Audited<bool>> AddAsync(GatewayContext context, ApiKey key, CancellationToken cancellationToken)
    {
        if (key.TeamId is { } team) await context.RequireScopeAsync(ScopeKind.Team, team, cancellationToken);
        if (key.ProjectId is { } project) await context.RequireScopeAsync(ScopeKind.Project, project, cancellationToken);
        context.ApiKeys.Add(key);
        return new(true, new AuditedChange(AdminActions.CreateKey, AdminTargets.Key, key.Id, before: null, KeyState.Of(key)));
    }

    private static async Task<Audited<ApiKey?>> UpdateAsync(
        GatewayContext context, Guid id, KeyChanges changes, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var key = await context.ApiKeys.SingleOrDefaultAsync(each => each.Id == id, cancellationToken);
        if (key is null) return new(null);
        if (changes.TeamId.Value is { } team) await context.RequireScopeAsync(ScopeKind.Team, team, cancellationToken);
        if (changes.ProjectId.Value is { } project) await context.RequireScopeAsync(ScopeKind.Project, project, cancellationToken);
        var before = KeyState.Of(key);
        await context.KeepingAnAdministratorAsync(
            at,
            () =>
            {
                Apply(changes, key);
                return context.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return new(key, new AuditedChange(AdminActions.UpdateKey, AdminTargets.Key, id, before, KeyState.Of(key)));
    }

    private static async Task<Audited<ApiKey?>> RotateAsync(
        GatewayContext context, Guid id, KeyRotation rotation, CancellationToken cancellationToken)
    {
        var key = await context.ApiKeys.SingleOrDefaultAsync(each => each.Id == id, cancellationToken);
        if (key is null) return new(null);
        if (key.RevokedAt is not null) throw new AiGatewayException(ErrorCode.Conflict, $"The key {id} is revoked. Create another key.");
        var before = KeyState.Of(key);
        key.PreviousHash = rotation.PreviousValidUntil is null ? null : key.Hash;
        key.PreviousValidUntil = rotation.PreviousValidUntil;
        (key.Prefix, key.Hash) = (rotation.Prefix, rotation.Hash);
        return new(key, new AuditedChange(AdminActions.RotateKey, AdminTargets.Key, id, before, KeyState.Of(key)));
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
