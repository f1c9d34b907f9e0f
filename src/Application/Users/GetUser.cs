using AiGateway.Application.Administration;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Users;

/// <summary>One user.</summary>
public sealed record GetUser(Actor By, Guid Id) : IRequest<User>, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [new(ScopeKind.User, Id)];
}

internal sealed class GetUserHandler(IUserStore users) : IRequestHandler<GetUser, User>
{
    public Task<User> Handle(GetUser query, CancellationToken cancellationToken) => users.RequireAsync(query.Id, cancellationToken);
}
