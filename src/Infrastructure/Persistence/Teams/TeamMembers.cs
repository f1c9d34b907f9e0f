using AiGateway.Application.Administration;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Teams;

internal sealed class TeamMembers(IDbContextFactory<GatewayContext> contexts) : ITeamMembers
{
    public async Task<TeamMember?> FindAsync(ScopeKind kind, Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.FindTeamMemberAsync(kind, id, cancellationToken);
    }
}

/// <summary>Finds the team of something, also within a transaction.</summary>
internal static class TeamMemberQueries
{
    /// <summary>As <see cref="ITeamMembers.FindAsync"/>.</summary>
    public static async Task<TeamMember?> FindTeamMemberAsync(
        this GatewayContext context, ScopeKind kind, Guid id, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case ScopeKind.User:
                var user = await context.Users.AsNoTracking().Where(each => each.Id == id).Select(each => new { each.TeamId }).SingleOrDefaultAsync(cancellationToken);
                return user is null ? null : new TeamMember(user.TeamId, []);
            case ScopeKind.Key:
                var key = await context.ApiKeys.AsNoTracking().Where(each => each.Id == id).WithPaths(context)
                    .Select(path => new { path.Key.Scopes, path.Key.User!.TeamId, path.Scope }).SingleOrDefaultAsync(cancellationToken);
                return key is null ? null : new TeamMember(TeamOf(key.Scope), key.Scopes.Split(' ')) { OwnerTeamId = key.TeamId };
            default:
                var scope = await context.Scopes.AsNoTracking().SingleOrDefaultAsync(each => each.Id == id && each.Kind == kind, cancellationToken);
                return scope is null ? null : new TeamMember(TeamOf(scope), []);
        }
    }

    private static Guid? TeamOf(Scope? scope) => scope?.Kind switch
    {
        ScopeKind.Team => scope.Id,
        ScopeKind.Project => scope.ParentId,
        _ => null,
    };
}
