using AiGateway.Application.Administration;
using AiGateway.Application.Users;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Teams;

/// <summary>
/// Deletes an organisation, team or project and its budgets. It is refused while something belongs to it. Usage keeps its
/// charge.
/// </summary>
public sealed record DeleteScope(Actor By, ScopeKind Kind, Guid Id) : IRequest, IAdministrativeChange<Unit>, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [new(Kind, Id)];

    AdministrativeAction IAdministrativeChange<Unit>.Describe(Unit response) => new(AdminActions.DeleteScope, $"{Kind.ToName()} {Id}");
}

internal sealed class DeleteScopeHandler(IScopeStore scopes, ICallerDirectory callers, TimeProvider time) : AsyncRequestHandler<DeleteScope>
{
    protected override async Task Handle(DeleteScope command, CancellationToken cancellationToken)
    {
        if (!await scopes.DeleteAsync(command.Kind, command.Id, command.By, time.GetUtcNow(), cancellationToken)) throw RequireScope.Missing(command.Kind, command.Id);
        callers.Forget();
    }
}
