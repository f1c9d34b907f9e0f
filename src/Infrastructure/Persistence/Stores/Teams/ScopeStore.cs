using AiGateway.Application.Administration;
using AiGateway.Application.Budgets;
using AiGateway.Application.Teams;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Audit;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Stores.Budgets;
using AiGateway.Infrastructure.Persistence.Teams;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores.Teams;

/// <summary>
/// Organisations, teams and projects. Every change holds <see cref="DatabaseLock.Administrators"/>, so parents and members
/// stay while it is decided.
/// </summary>
internal sealed class ScopeStore(IDbContextFactory<GatewayContext> contexts) : IScopeStore
{
    public Task AddAsync(Scope scope, Actor by, CancellationToken cancellationToken) =>
        contexts.ChangeAsync(by, scope.CreatedAt, (context, attempt) => AddAsync(context, scope, attempt), cancellationToken);

    public async Task<Scope?> FindAsync(ScopeKind kind, Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Scopes.AsNoTracking().SingleOrDefaultAsync(scope => scope.Id == id && scope.Kind == kind, cancellationToken);
    }

    public async Task<IReadOnlyList<Scope>> ListAsync(ScopeFilter filter, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var scopes = context.Scopes.AsNoTracking().Where(scope => scope.Kind == filter.Kind).OfTeam(filter.Reach.TeamId);
        if (filter.ParentId is { } parent) scopes = scopes.Where(scope => scope.ParentId == parent);
        if (filter.After is { } id)
        {
            // By time first: SQL Server sorts ids by their random end.
            var last = context.Scopes.Where(scope => scope.Id == id);
            scopes = scopes.Where(scope => last.Any(
                end => scope.CreatedAt > end.CreatedAt || (scope.CreatedAt == end.CreatedAt && scope.Id > end.Id)));
        }

        return await scopes.OrderBy(scope => scope.CreatedAt).ThenBy(scope => scope.Id).Take(filter.Limit).ToListAsync(cancellationToken);
    }

    public Task<Scope?> UpdateAsync(
        ScopeKind kind, Guid id, ScopeChanges changes, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.ChangeAsync(by, at, (context, attempt) => UpdateAsync(context, kind, id, changes, at, attempt), cancellationToken);

    public Task<bool> DeleteAsync(ScopeKind kind, Guid id, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.ChangeAsync(by, at, (context, attempt) => DeleteAsync(context, kind, id, at, attempt), cancellationToken);

    private static async Task<Audited<bool>> AddAsync(GatewayContext context, Scope scope, CancellationToken cancellationToken)
    {
        if (scope.ParentId is { } parent) await context.RequireScopeAsync(ScopeKinds.ParentOf(scope.Kind)!.Value, parent, cancellationToken);
        context.Scopes.Add(scope);
        return new(true, new AuditedChange(AdminActions.CreateScope, scope.Kind.ToName(), scope.Id, before: null, ScopeState.Of(scope)));
    }

    private static async Task<Audited<Scope?>> UpdateAsync(
        GatewayContext context, ScopeKind kind, Guid id, ScopeChanges changes, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var scope = await context.Scopes.SingleOrDefaultAsync(each => each.Id == id && each.Kind == kind, cancellationToken);
        if (scope is null) return new(null);
        if (changes.ParentId is { } parent) await context.RequireScopeAsync(ScopeKinds.ParentOf(kind)!.Value, parent, cancellationToken);
        var before = ScopeState.Of(scope);
        await context.KeepingAnAdministratorAsync(
            at,
            async () =>
            {
                scope.Name = changes.Name ?? scope.Name;
                scope.Disabled = changes.Disabled ?? scope.Disabled;
                scope.ParentId = changes.ParentId ?? scope.ParentId;
                scope.TimeZone = changes.TimeZone.Or(scope.TimeZone);
                scope.AllowedModels = changes.AllowedModels.Or(scope.AllowedModels);
                await context.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return new(scope, new AuditedChange(AdminActions.UpdateScope, kind.ToName(), id, before, ScopeState.Of(scope)));
    }

    private static async Task<Audited<bool>> DeleteAsync(
        GatewayContext context, ScopeKind kind, Guid id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var scope = await context.Scopes.SingleOrDefaultAsync(each => each.Id == id && each.Kind == kind, cancellationToken);
        if (scope is null) return new(false);
        await RequireEmptyAsync(context, kind, id, cancellationToken);
        await context.ApiKeys.Where(key => key.TeamId == id)
            .ExecuteUpdateAsync(key => key.SetProperty(each => each.TeamId, (Guid?)null), cancellationToken);
        await context.ApiKeys.Where(key => key.ProjectId == id)
            .ExecuteUpdateAsync(key => key.SetProperty(each => each.ProjectId, (Guid?)null), cancellationToken);
        await context.LockAsync(DatabaseLock.Budgets, cancellationToken);
        await BudgetRows.ReplaceAsync(context, id, [], at, cancellationToken);
        await RateRows.ReplaceAsync(context, kind, id, RateAmounts.None, at, cancellationToken);
        context.Scopes.Remove(scope);
        return new(true, new AuditedChange(AdminActions.DeleteScope, kind.ToName(), id, ScopeState.Of(scope), after: null));
    }

    private static async Task RequireEmptyAsync(GatewayContext context, ScopeKind kind, Guid id, CancellationToken cancellationToken)
    {
        var children = await context.Scopes.CountAsync(scope => scope.ParentId == id, cancellationToken);
        var users = await context.Users.CountAsync(user => user.TeamId == id, cancellationToken);
        var keys = await context.ApiKeys.CountAsync(
            key => key.RevokedAt == null && (key.TeamId == id || key.ProjectId == id), cancellationToken);
        if (children + users + keys == 0) return;
        (int Count, string Name)[] all = [(children, kind == ScopeKind.Organisation ? "team" : "project"), (users, "user"), (keys, "key")];
        var below = string.Join(", ", all.Where(each => each.Count > 0).Select(each => $"{each.Count} {each.Name}{(each.Count == 1 ? "" : "s")}"));
        throw new AiGatewayException(
            ErrorCode.Conflict,
            $"The {kind.ToName()} {id} still has {below}. Nothing was deleted. Move or delete them first; a revoked key does not count.");
    }
}
