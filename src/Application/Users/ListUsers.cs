using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Users;

/// <summary>Users after an id, oldest first.</summary>
public sealed record ListUsers(Guid? After, int Limit) : IRequest<Page<User, Guid?>>;

internal sealed class ListUsersValidator : AbstractValidator<ListUsers>
{
    public ListUsersValidator() => RuleFor(query => query.Limit).IsPageSize();
}

internal sealed class ListUsersHandler(IUserStore users) : IRequestHandler<ListUsers, Page<User, Guid?>>
{
    public async Task<Page<User, Guid?>> Handle(ListUsers query, CancellationToken cancellationToken) =>
        Page.Of(await users.ListAsync(query.After, query.Limit + 1, cancellationToken), query.Limit, user => (Guid?)user.Id);
}
