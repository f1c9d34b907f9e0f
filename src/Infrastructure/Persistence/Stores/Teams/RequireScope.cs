using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores.Teams;

internal static class RequireScope
{
    /// <summary>Fails when there is no scope of this kind. The fault names the member of the request.</summary>
    /// <param name="context">In a transaction that keeps scopes from being deleted.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="id">The id in the request.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidRequestException">There is none.</exception>
    public static async Task RequireScopeAsync(this GatewayContext context, ScopeKind kind, Guid id, CancellationToken cancellationToken)
    {
        if (!await context.Scopes.AnyAsync(scope => scope.Id == id && scope.Kind == kind, cancellationToken))
            throw new InvalidRequestException(kind.ToField(), $"there is no {kind.ToName()} {id}");
    }
}
