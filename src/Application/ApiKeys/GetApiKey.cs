using AiGateway.Application.Administration;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.ApiKeys;

/// <summary>One key, without its secret.</summary>
public sealed record GetApiKey(Actor By, Guid Id) : IRequest<ApiKey>, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [new(ScopeKind.Key, Id)];
}

internal sealed class GetApiKeyHandler(IApiKeyStore keys) : IRequestHandler<GetApiKey, ApiKey>
{
    public Task<ApiKey> Handle(GetApiKey query, CancellationToken cancellationToken) => keys.RequireAsync(query.Id, cancellationToken);
}
