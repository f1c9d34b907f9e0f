using AiGateway.Application.Administration;
using AiGateway.Application.Users;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Audit;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Stores.Teams;
using AiGateway.Infrastructure.Persistence.Teams;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores;

internal sealed class UserStore(IDbContextFactory<GatewayContext> contexts) : IUserStore
{
    public Task AddAsync(User user, Actor by, CancellationToken cancellationToken) => contexts.ChangeAsync(
        by,
        user.CreatedAt,
        (context, _) =>
        {
            context.Users.Add(user);
            var change = new AuditedChange(AdminActions.CreateUser, AdminTargets.User, user.Id, before: null, UserState.Of(user));
            return Task.FromResult(new Audited<User>(user, change));
        },
        cancellationToken);

    /// <summary>
    /// Adds the user of a token, with its limits, unless a user with this external id exists, or the limit of users is
    /// reached.
    /// </summary>
    /// <returns>False when there is no such user, and no more may be created.</returns>
    public Task<bool> AddIfNewAsync(User user, TokenUserSettings settings, CancellationToken cancellationToken) =>
        contexts.RunAsync((context, attempt) => AddIfNewAsync(context, user, settings, attempt), cancellationToken);

    public async Task<User?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken);
    }

    public async Task<IReadOnlyList<User>> ListAsync(UserFilter filter, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var users = context.Users.AsNoTracking().OfTeam(filter.Reach.TeamId).OfTeam(filter.TeamId);
        if (filter.After is { } id)
        {
            // By time first: SQL Server sorts ids by their random end.
            var last = context.Users.Where(user => user.Id == id);
            users = users.Where(user => last.Any(
                end => user.CreatedAt > end.CreatedAt || (user.CreatedAt == end.CreatedAt && user.Id > end.Id)));
        }

        return await users.OrderBy(user => user.CreatedAt).ThenBy(user => user.Id).Take(filter.Limit).ToListAsync(cancellationToken);
    }

    public Task<User?> UpdateAsync(
        Guid id, string? name, bool? disabled, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.ChangeAsync(by, at, (context, attempt) => UpdateAsync(context, id, name, disabled, at, attempt), cancellationToken);

    public Task<User?> SetTeamAsync(Guid id, Guid? teamId, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.ChangeAsync(by, at, (context, attempt) => SetTeamAsync(context, id, teamId, at, attempt), cancellationToken);

    public async Task<UserModelPreference?> FindPreferenceAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Preferences.AsNoTracking()
            .SingleOrDefaultAsync(preference => preference.UserId == userId, cancellationToken);
    }

    public Task SavePreferenceAsync(UserModelPreference preference, CancellationToken cancellationToken) =>
        contexts.SaveAsync(
            async context =>
            {
                var stored = await context.Preferences
                    .SingleOrDefaultAsync(each => each.UserId == preference.UserId, cancellationToken);
                if (stored is null) context.Preferences.Add(preference);
                else context.Entry(stored).CurrentValues.SetValues(preference);
            },
            cancellationToken);

    private static async Task<Audited<User?>> UpdateAsync(
        GatewayContext context, Guid id, string? name, bool? disabled, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (disabled == true) await context.RequireAnotherAsync(key => key.UserId == id, key => key.UserId != id, at, cancellationToken);
        if (await context.Users.SingleOrDefaultAsync(each => each.Id == id, cancellationToken) is not { } user) return new(null);
        var before = UserState.Of(user);
        user.Name = name ?? user.Name;
        user.Disabled = disabled ?? user.Disabled;
        return new(user, new AuditedChange(AdminActions.UpdateUser, AdminTargets.User, id, before, UserState.Of(user)));
    }

    private static async Task<Audited<User?>> SetTeamAsync(
        GatewayContext context, Guid id, Guid? teamId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var user = await context.Users.SingleOrDefaultAsync(each => each.Id == id, cancellationToken);
        if (user is null) return new(null);
        if (teamId is { } team) await context.RequireScopeAsync(ScopeKind.Team, team, cancellationToken);
        var before = UserState.Of(user);
        await context.KeepingAnAdministratorAsync(
            at,
            () =>
            {
                user.TeamId = teamId;
                return context.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return new(user, new AuditedChange(AdminActions.SetUserTeam, AdminTargets.User, id, before, UserState.Of(user)));
    }

    private static async Task<bool> AddIfNewAsync(
        GatewayContext context, User user, TokenUserSettings settings, CancellationToken cancellationToken)
    {
        // Users are never deleted, so a reached limit stays reached. The check takes no lock, because in SQLite the ledger
        // waits for it.
        if (await CountTokenUsersAsync(context, cancellationToken) >= settings.MaxUsers) return await ExistsAsync();
        await using var transaction = await context.BeginAloneAsync(DatabaseLock.TokenUsers, cancellationToken);
        if (await ExistsAsync()) return true;
        if (await CountTokenUsersAsync(context, cancellationToken) >= settings.MaxUsers) return false;
        context.Users.Add(user);
        if (settings.Limits is { } limits) context.Quotas.Add(ToQuota(user, limits));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;

        Task<bool> ExistsAsync() => context.Users.AnyAsync(each => each.ExternalId == user.ExternalId, cancellationToken);
    }

    private static Task<int> CountTokenUsersAsync(GatewayContext context, CancellationToken cancellationToken) =>
        context.Users.CountAsync(user => user.ExternalId != null, cancellationToken);

    private static Quota ToQuota(User user, QuotaLimits limits) => new()
    {
        UserId = user.Id,
        DailyRequests = limits.DailyRequests,
        MonthlyRequests = limits.MonthlyRequests,
        MonthlySpendNanoUsd = limits.MonthlySpendNanoUsd,
        UpdatedAt = user.CreatedAt,
    };
}
