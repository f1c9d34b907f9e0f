using AiGateway.Application.Administration;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Teams;

namespace AiGateway.Infrastructure.Persistence.Audit;

/// <summary>
/// Refuses a change of an administrator of a team when its target was not in the team before, or is not after. It is part of
/// the transaction, so a target that another administrator moves meanwhile is refused as well.
/// </summary>
internal static class TeamCheck
{
    /// <param name="context">In a transaction that holds <see cref="DatabaseLock.Administrators"/>.</param>
    /// <param name="by">The author.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.PermissionDenied"/>: the change is not the team's own.</exception>
    public static async Task RequireWithinTeamAsync(
        this GatewayContext context, Actor by, IEnumerable<AuditedChange> changes, CancellationToken cancellationToken)
    {
        if (by.Reach.TeamId is not { } team) return;
        foreach (var change in changes)
        {
            foreach (var state in ((IAuditedState?[])[change.Before, change.After]).OfType<IAuditedState>())
            {
                if (await context.TeamOfAsync(change, state, cancellationToken) == team) continue;
                throw new AiGatewayException(
                    ErrorCode.PermissionDenied,
                    $"The {change.TargetKind} {change.TargetId} is not in your team, or would leave it. Nothing was changed. Ask an administrator.");
            }
        }
    }

    private static async Task<Guid?> TeamOfAsync(
        this GatewayContext context, AuditedChange change, IAuditedState state, CancellationToken cancellationToken) => state switch
        {
            UserState user => user.TeamId,
            KeyState { ProjectId: { } project } => (await context.FindTeamMemberAsync(ScopeKind.Project, project, cancellationToken))?.TeamId,
            KeyState { TeamId: { } team } => team,
            KeyState key => (await context.FindTeamMemberAsync(ScopeKind.User, key.UserId, cancellationToken))?.TeamId,
            ScopeState scope => change.TargetKind == AdminTargets.Project ? scope.ParentId : null,
            BudgetsState or UserLimitsState or RatesState => change.TargetKind switch
            {
                AdminTargets.User => (await context.FindTeamMemberAsync(ScopeKind.User, Guid.Parse(change.TargetId), cancellationToken))?.TeamId,
                AdminTargets.Key => (await context.FindTeamMemberAsync(ScopeKind.Key, Guid.Parse(change.TargetId), cancellationToken))?.TeamId,
                AdminTargets.Project => (await context.FindTeamMemberAsync(ScopeKind.Project, Guid.Parse(change.TargetId), cancellationToken))?.TeamId,
                _ => null,
            },
            _ => null,
        };
}
