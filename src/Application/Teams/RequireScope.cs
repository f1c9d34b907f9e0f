using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.Teams;

internal static class RequireScope
{
    /// <summary>The scope, or a failure that names the id.</summary>
    public static async Task<Scope> RequireAsync(this IScopeStore scopes, ScopeKind kind, Guid id, CancellationToken cancellationToken) =>
        await scopes.FindAsync(kind, id, cancellationToken) ?? throw Missing(kind, id);

    public static AiGatewayException Missing(ScopeKind kind, Guid id) => MissingTarget.Of(kind, id);
}
