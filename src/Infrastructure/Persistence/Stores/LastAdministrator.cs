using System.Linq.Expressions;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Teams;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores;

/// <summary>
/// Ensures that one administrator remains: an active key with the scope, of a user who is not disabled, below no disabled
/// organisation, team or project. Administrators by token do not count, although a gateway with <c>Jwt</c> settings may have
/// many. Only the identity provider knows them; when it is unavailable, or its address is wrong, the last key is the only
/// access. An expiring key is not protected: the <c>admin-key</c> sub-command creates another.
/// </summary>
internal static class LastAdministrator
{
    // Scopes are words in one text. With a blank at both ends, a word is never found within a longer one.
    private const string AdminWord = $" {Scopes.Admin} ";

    /// <summary>Fails when a change would take away the last active administrator key.</summary>
    /// <param name="context">In a transaction that holds <see cref="DatabaseLock.Administrators"/>.</param>
    /// <param name="isTaken">The keys that the change takes away.</param>
    /// <param name="isKept">All other keys.</param>
    /// <param name="at">The time at which keys must be active.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LastAdministratorException">The change would.</exception>
    public static async Task RequireAnotherAsync(
        this GatewayContext context,
        Expression<Func<ApiKey, bool>> isTaken,
        Expression<Func<ApiKey, bool>> isKept,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        var live = context.AdministratorKeys(at);
        if (await live.AnyAsync(isTaken, cancellationToken) && !await live.AnyAsync(isKept, cancellationToken))
            throw new LastAdministratorException();
    }

    /// <summary>Makes a change, and fails when it has taken away the last active administrator key.</summary>
    /// <param name="context">In a transaction that holds <see cref="DatabaseLock.Administrators"/>, and ends without a commit on failure.</param>
    /// <param name="at">The time at which keys must be active.</param>
    /// <param name="change">Writes the change to the database.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LastAdministratorException">The change did.</exception>
    public static async Task KeepingAnAdministratorAsync(
        this GatewayContext context, DateTimeOffset at, Func<Task> change, CancellationToken cancellationToken)
    {
        var live = context.AdministratorKeys(at);
        var hadOne = await live.AnyAsync(cancellationToken);
        await change();
        if (hadOne && !await live.AnyAsync(cancellationToken)) throw new LastAdministratorException();
    }

    private static IQueryable<ApiKey> AdministratorKeys(this GatewayContext context, DateTimeOffset at) => context.ApiKeys
        .Where(key =>
            key.RevokedAt == null
            && (key.ExpiresAt == null || key.ExpiresAt > at)
            && !key.User!.Disabled
            && (" " + key.Scopes + " ").Contains(AdminWord))
        .WithPaths(context).WhereEnabled().Select(path => path.Key);
}
