using AiGateway.Application.Administration;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Users;

/// <summary>Users after an id, oldest first; of one team, or all.</summary>
public sealed record ListUsers(Actor By, Guid? TeamId, Guid? After, int Limit) : IRequest<Page<User, Guid?>>, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [];
}

internal sealed class ListUsersValidator : AbstractValidator<ListUsers>
{
    public ListUsersValidator() => RuleFor(query => query.Limit).IsPageSize();
}

internal sealed class ListUsersHandler(IUserStore users) : IRequestHandler<ListUsers, Page<User, Guid?>>
{
    public async Task<Page<User, Guid?>> Handle(ListUsers query, CancellationToken cancellationToken)
    {
        var filter = new UserFilter(query.By.Reach, query.After, query.Limit + 1) { TeamId = query.TeamId };
        return Page.Of(await users.ListAsync(filter, cancellationToken), query.Limit, user => (Guid?)user.Id);
    }
}
