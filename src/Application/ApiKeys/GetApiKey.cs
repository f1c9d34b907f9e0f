using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.ApiKeys;

/// <summary>One key, without its secret.</summary>
public sealed record GetApiKey(Guid Id) : IRequest<ApiKey>;

internal sealed class GetApiKeyHandler(IApiKeyStore keys) : IRequestHandler<GetApiKey, ApiKey>
{
    public Task<ApiKey> Handle(GetApiKey query, CancellationToken cancellationToken) => keys.RequireAsync(query.Id, cancellationToken);
}
