using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Users;

/// <summary>One user.</summary>
public sealed record GetUser(Guid Id) : IRequest<User>;

internal sealed class GetUserHandler(IUserStore users) : IRequestHandler<GetUser, User>
{
    public Task<User> Handle(GetUser query, CancellationToken cancellationToken) => users.RequireAsync(query.Id, cancellationToken);
}
