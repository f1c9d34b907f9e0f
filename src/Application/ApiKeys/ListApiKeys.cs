using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.ApiKeys;

/// <summary>Keys after an id, oldest first; of one user, or of all.</summary>
public sealed record ListApiKeys(Guid? UserId, Guid? After, int Limit) : IRequest<Page<ApiKey, Guid?>>;

internal sealed class ListApiKeysValidator : AbstractValidator<ListApiKeys>
{
    public ListApiKeysValidator() => RuleFor(query => query.Limit).IsPageSize();
}

internal sealed class ListApiKeysHandler(IApiKeyStore keys) : IRequestHandler<ListApiKeys, Page<ApiKey, Guid?>>
{
    public async Task<Page<ApiKey, Guid?>> Handle(ListApiKeys query, CancellationToken cancellationToken) =>
        Page.Of(await keys.ListAsync(query.UserId, query.After, query.Limit + 1, cancellationToken), query.Limit, key => (Guid?)key.Id);
}
