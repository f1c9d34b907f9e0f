using AiGateway.Application.Administration;
using AiGateway.Application.Users;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Audit;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores.Erasure;

/// <summary>
/// Erases a user in two steps: first everything that is audited, in one transaction, so no new request can come; then the end
/// users in its records. A run that was cut off is completed by the next one.
/// </summary>
internal sealed class UserErasure(IDbContextFactory<GatewayContext> contexts) : IUserErasure
{
    public async Task<User?> EraseAsync(Guid id, Actor by, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var user = await contexts.ChangeAsync(by, at, (context, attempt) => EraseAsync(context, id, at, attempt), cancellationToken);
        if (user is not null) await EndUserErasure.EraseAsync(contexts, id, cancellationToken);
        return user;
    }

    private static async Task<Audited<User?>> EraseAsync(GatewayContext context, Guid id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await context.RequireAnotherAsync(key => key.UserId == id, key => key.UserId != id, at, cancellationToken);
        if (await context.Users.SingleOrDefaultAsync(each => each.Id == id, cancellationToken) is not { } user) return new(null);
        var keys = await context.ApiKeys.Where(key => key.UserId == id).ToListAsync(cancellationToken);
        var isKnown = user is not { Name: User.ErasedName, ExternalId: null, Disabled: true };
        (user.Name, user.ExternalId, user.Disabled) = (User.ErasedName, null, true);
        foreach (var key in keys) Erase(key, at);
        var changed = context.ChangeTracker.Entries<ApiKey>().Count(entry => entry.State == EntityState.Modified);
        var stored = await context.StoredObjects.Where(each => each.UserId == id).ExecuteDeleteAsync(cancellationToken);
        var preferences = await context.Preferences.Where(each => each.UserId == id).ExecuteDeleteAsync(cancellationToken);
        await context.ForgetUserAsync(id, keys.ConvertAll(key => key.Id), cancellationToken);
        var rows = await context.EraseTextsAsync(id, keys.ConvertAll(key => key.Id), cancellationToken);
        if (!isKnown && changed + stored + preferences + rows.Count == 0) return new(user);
        var before = new ErasedUserState(!isKnown, 0, 0, 0, []);
        var after = new ErasedUserState(Erased: true, changed, stored, preferences, rows);
        return new(user, new AuditedChange(AdminActions.EraseUser, AdminTargets.User, id, before, after));
    }

    private static void Erase(ApiKey key, DateTimeOffset at)
    {
        key.Name = User.ErasedName;
        (key.Description, key.Tags, key.AllowedNetworks) = (null, null, null);
        (key.PreviousHash, key.PreviousValidUntil) = (null, null);
        key.RevokedAt ??= at;
    }
}
