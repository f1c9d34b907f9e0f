using AiGateway.Application.Administration;
using AiGateway.Application.Users;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.ApiKeys;

/// <summary>
/// Revokes a key permanently. This process refuses it at once, other replicas within the caller directory's cache time.
/// Revoking the last active administrator key is refused.
/// </summary>
public sealed record RevokeApiKey(Actor By, Guid Id) : IRequest, IAdministrativeChange<Unit>, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [new(ScopeKind.Key, Id)];

    AdministrativeAction IAdministrativeChange<Unit>.Describe(Unit response) => new(AdminActions.RevokeKey, $"key {Id}");
}

internal sealed class RevokeApiKeyHandler(IApiKeyStore keys, ICallerDirectory callers, TimeProvider time)
    : AsyncRequestHandler<RevokeApiKey>
{
    protected override async Task Handle(RevokeApiKey command, CancellationToken cancellationToken)
    {
        if (!await keys.RevokeAsync(command.Id, command.By, time.GetUtcNow(), cancellationToken))
            throw RequireApiKey.Missing(command.Id);
        callers.Forget();
    }
}
