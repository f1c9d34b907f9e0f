using AiGateway.Application.Ports;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence;

internal sealed class UserStore(IDbContextFactory<GatewayContext> contexts) : IUserStore
{
    public async Task AddAsync(User user, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Users.Add(user);
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Adds the user unless one with this external id is there; the row that stands is the one that won.</summary>
    public Task AddIfNewAsync(User user, CancellationToken cancellationToken) =>
        contexts.SaveAsync(
            async context =>
            {
                if (!await context.Users.AnyAsync(each => each.ExternalId == user.ExternalId, cancellationToken))
                    context.Users.Add(user);
            },
            cancellationToken);

    public async Task<User?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken);
    }

    public async Task<IReadOnlyList<User>> ListAsync(Guid? after, int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var users = context.Users.AsNoTracking();
        if (after is { } id)
        {
            // By time first: SQL Server sorts ids by their random end.
            var last = context.Users.Where(user => user.Id == id);
            users = users.Where(user => last.Any(
                end => user.CreatedAt > end.CreatedAt || (user.CreatedAt == end.CreatedAt && user.Id > end.Id)));
        }

        return await users.OrderBy(user => user.CreatedAt).ThenBy(user => user.Id).Take(limit).ToListAsync(cancellationToken);
    }

    public async Task<User?> UpdateAsync(Guid id, string? name, bool? disabled, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var user = await context.Users.SingleOrDefaultAsync(each => each.Id == id, cancellationToken);
        if (user is null) return null;
        user.Name = name ?? user.Name;
        user.Disabled = disabled ?? user.Disabled;
        await context.SaveChangesAsync(cancellationToken);
        return user;
    }

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
}
