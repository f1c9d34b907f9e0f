using System.Linq.Expressions;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>
/// Keeps somebody in who can administer: a live key with the scope, of a user who is not disabled. Administrators by token
/// do not count, although a gateway with <c>Jwt</c> settings may have many. Who they are only the identity provider
/// knows; when it is away, or its address is wrong, the last key is the only way in.
/// A key that expires is not kept: the <c>admin-key</c> sub-command makes another.
/// </summary>
internal static class LastAdministrator
{
    // Scopes are words in one text: with a blank at both ends, a word is never found within a longer one.
    private const string AdminWord = $" {Scopes.Admin} ";

    /// <summary>Fails when the keys that a change takes away hold the last live one of an administrator.</summary>
    /// <param name="context">In a transaction that holds <see cref="DatabaseLock.Administrators"/>.</param>
    /// <param name="isTaken">The keys that the change takes away.</param>
    /// <param name="isKept">All other keys.</param>
    /// <param name="at">The instant at which keys must be live.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LastAdministratorException">It does.</exception>
    public static async Task RequireAnotherAsync(
        this GatewayContext context,
        Expression<Func<ApiKey, bool>> isTaken,
        Expression<Func<ApiKey, bool>> isKept,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        var live = context.ApiKeys.Where(key =>
            key.RevokedAt == null
            && (key.ExpiresAt == null || key.ExpiresAt > at)
            && !key.User!.Disabled
            && (" " + key.Scopes + " ").Contains(AdminWord));
        if (await live.AnyAsync(isTaken, cancellationToken) && !await live.AnyAsync(isKept, cancellationToken))
            throw new LastAdministratorException();
    }
}
