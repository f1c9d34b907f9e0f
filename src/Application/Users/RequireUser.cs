using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.Users;

internal static class RequireUser
{
    /// <summary>The user, or a failure that names the id.</summary>
    public static async Task<User> RequireAsync(this IUserStore users, Guid id, CancellationToken cancellationToken) =>
        await users.FindAsync(id, cancellationToken) ?? throw Missing(id);

    public static AiGatewayException Missing(Guid id) => MissingTarget.Of(ScopeKind.User, id);
}
