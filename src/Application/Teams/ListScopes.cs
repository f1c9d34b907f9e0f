using AiGateway.Application.Administration;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Teams;

/// <summary>Organisations, teams or projects after an id, oldest first; below one parent, or all.</summary>
public sealed record ListScopes(Actor By, ScopeKind Kind, Guid? ParentId, Guid? After, int Limit) : IRequest<Page<Scope, Guid?>>, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [];
}

internal sealed class ListScopesValidator : AbstractValidator<ListScopes>
{
    public ListScopesValidator() => RuleFor(query => query.Limit).IsPageSize();
}

internal sealed class ListScopesHandler(IScopeStore scopes) : IRequestHandler<ListScopes, Page<Scope, Guid?>>
{
    public async Task<Page<Scope, Guid?>> Handle(ListScopes query, CancellationToken cancellationToken)
    {
        var filter = new ScopeFilter(query.By.Reach, query.Kind, query.ParentId, query.After, query.Limit + 1);
        var read = await scopes.ListAsync(filter, cancellationToken);
        return Page.Of(read, query.Limit, scope => (Guid?)scope.Id);
    }
}
