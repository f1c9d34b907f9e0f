using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Teams;

/// <summary>Organisations, teams or projects after an id, oldest first; below one parent, or all.</summary>
public sealed record ListScopes(ScopeKind Kind, Guid? ParentId, Guid? After, int Limit) : IRequest<Page<Scope, Guid?>>;

internal sealed class ListScopesValidator : AbstractValidator<ListScopes>
{
    public ListScopesValidator() => RuleFor(query => query.Limit).IsPageSize();
}

internal sealed class ListScopesHandler(IScopeStore scopes) : IRequestHandler<ListScopes, Page<Scope, Guid?>>
{
    public async Task<Page<Scope, Guid?>> Handle(ListScopes query, CancellationToken cancellationToken)
    {
        var read = await scopes.ListAsync(query.Kind, query.ParentId, query.After, query.Limit + 1, cancellationToken);
        return Page.Of(read, query.Limit, scope => (Guid?)scope.Id);
    }
}
