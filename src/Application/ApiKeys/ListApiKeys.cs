using AiGateway.Application.Administration;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.ApiKeys;

/// <summary>Keys after an id, oldest first; of one user or team, or all.</summary>
public sealed record ListApiKeys(Actor By, Guid? UserId, Guid? TeamId, Guid? After, int Limit) : IRequest<Page<ApiKey, Guid?>>, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [];
}

internal sealed class ListApiKeysValidator : AbstractValidator<ListApiKeys>
{
    public ListApiKeysValidator() => RuleFor(query => query.Limit).IsPageSize();
}

internal sealed class ListApiKeysHandler(IApiKeyStore keys) : IRequestHandler<ListApiKeys, Page<ApiKey, Guid?>>
{
    public async Task<Page<ApiKey, Guid?>> Handle(ListApiKeys query, CancellationToken cancellationToken)
    {
        var filter = new KeyFilter(query.By.Reach, query.UserId, query.After, query.Limit + 1) { TeamId = query.TeamId };
        return Page.Of(await keys.ListAsync(filter, cancellationToken), query.Limit, key => (Guid?)key.Id);
    }
}
