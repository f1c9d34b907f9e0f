using AiGateway.Application.Administration;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Teams;

/// <summary>One organisation, team or project.</summary>
public sealed record GetScope(Actor By, ScopeKind Kind, Guid Id) : IRequest<Scope>, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [new(Kind, Id)];
}

internal sealed class GetScopeHandler(IScopeStore scopes) : IRequestHandler<GetScope, Scope>
{
    public Task<Scope> Handle(GetScope query, CancellationToken cancellationToken) => scopes.RequireAsync(query.Kind, query.Id, cancellationToken);
}
