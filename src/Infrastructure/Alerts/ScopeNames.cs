using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Alerts;

/// <summary>The names of the scopes that alerts are about, as they are when the event is made.</summary>
internal static class ScopeNames
{
    /// <summary>The name; null: the alert is about no scope, or the scope was deleted.</summary>
    public static async Task<string?> FindAsync(GatewayContext context, Alert alert, CancellationToken cancellationToken) => alert.ScopeKind switch
    {
        null => null,
        ScopeKind.User => await context.Users.Where(user => user.Id == alert.ScopeId).Select(user => user.Name).SingleOrDefaultAsync(cancellationToken),
        ScopeKind.Key => await context.ApiKeys.Where(key => key.Id == alert.ScopeId).Select(key => key.Name).SingleOrDefaultAsync(cancellationToken),
        _ => await context.Scopes.Where(scope => scope.Id == alert.ScopeId).Select(scope => scope.Name).SingleOrDefaultAsync(cancellationToken),
    };
}
