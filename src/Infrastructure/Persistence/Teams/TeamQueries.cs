using AiGateway.Domain;

namespace AiGateway.Infrastructure.Persistence.Teams;

/// <summary>What belongs to a team.</summary>
internal static class TeamQueries
{
    /// <summary>The users of a team; null: all.</summary>
    public static IQueryable<User> OfTeam(this IQueryable<User> users, Guid? teamId) =>
        teamId is { } team ? users.Where(user => user.TeamId == team) : users;

    /// <summary>The keys whose path has a team; null: all.</summary>
    public static IQueryable<ApiKey> OfTeam(this IQueryable<ApiKey> keys, GatewayContext context, Guid? teamId) => teamId is { } team
        ? keys.Where(key => key.TeamId == team
            || context.Scopes.Any(project => project.Id == key.ProjectId && project.ParentId == team)
            || (key.TeamId == null && key.ProjectId == null && key.User!.TeamId == team))
        : keys;

    /// <summary>A team and its projects; null: all scopes.</summary>
    public static IQueryable<Scope> OfTeam(this IQueryable<Scope> scopes, Guid? teamId) => teamId is { } team
        ? scopes.Where(scope => (scope.Kind == ScopeKind.Team && scope.Id == team) || (scope.Kind == ScopeKind.Project && scope.ParentId == team))
        : scopes;
}
