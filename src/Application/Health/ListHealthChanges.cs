using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Health;

/// <summary>The last changes of the providers' health, newest first.</summary>
/// <param name="Limit">How many at most, 1 to 200.</param>
public sealed record ListHealthChanges(int Limit) : IRequest<IReadOnlyList<ProviderHealthChange>>;

internal sealed class ListHealthChangesValidator : AbstractValidator<ListHealthChanges>
{
    public ListHealthChangesValidator() => RuleFor(query => query.Limit).IsPageSize();
}

internal sealed class ListHealthChangesHandler(IProviderStore store) : IRequestHandler<ListHealthChanges, IReadOnlyList<ProviderHealthChange>>
{
    public Task<IReadOnlyList<ProviderHealthChange>> Handle(ListHealthChanges query, CancellationToken cancellationToken) =>
        store.ListChangesAsync(query.Limit, cancellationToken);
}
