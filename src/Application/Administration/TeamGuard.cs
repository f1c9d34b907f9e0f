using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Administration;

/// <summary>
/// Keeps an administrator of a team within the team. What belongs to no team or to another one gets the answer of what does
/// not exist. The transaction of a change checks its target again.
/// </summary>
internal sealed class TeamGuard<TRequest, TResponse>(ITeamMembers members) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IAdministration, IRequest<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (request.By.Reach.TeamId is { } team) await RequireWithinAsync(request, team, cancellationToken);
        return await next();
    }

    private async Task RequireWithinAsync(TRequest request, Guid team, CancellationToken cancellationToken)
    {
        if (team == Guid.Empty) throw Denied("Your key or token administers the team of its path, and it has none. Ask an administrator to put it into a team.");
        if (request is not IWithinTeam within) throw Denied($"This needs {Scopes.Admin}. Your key or token has {Scopes.AdminTeam}.");
        foreach (var target in within.Targets)
        {
            var member = await members.FindAsync(target.Kind, target.Id, cancellationToken);
            if (member?.TeamId != team) throw target.Missing();
            if (target.Field is null && request is IAdministrativeChange<TResponse>) RequirePower(request.By, target, member);
        }
    }

    private static void RequirePower(Actor by, TeamTarget target, TeamMember member)
    {
        if (target.Kind == ScopeKind.Team) throw Denied($"The team itself is changed with {Scopes.Admin} only. Ask an administrator.");
        if (target.Kind != ScopeKind.Key) return;
        if (member.Rights.Contains(Scopes.Admin, StringComparer.Ordinal))
            throw Denied($"The key {target.Id} has {Scopes.Admin}, so only an administrator with {Scopes.Admin} may change it.");
        if (target.GivesSecret && member.OwnerTeamId != member.TeamId)
            throw Denied($"The user of the key {target.Id} is not in your team, and its secret would let you act as that user. Ask an administrator.");
        if (target.IsWidened && target.Id == by.ApiKeyId)
            throw Denied("A key cannot change its own limits. Use another key, or ask an administrator.");
    }

    private static AiGatewayException Denied(string message) => new(ErrorCode.PermissionDenied, message);
}
