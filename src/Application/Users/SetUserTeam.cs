using AiGateway.Application.Administration;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Users;

/// <summary>Puts a user into a team, or out of it. Its keys without a team or project of their own count for the team.</summary>
/// <param name="By">The author.</param>
/// <param name="Id">The user.</param>
/// <param name="TeamId">The team; null: none. It must be given.</param>
public sealed record SetUserTeam(Actor By, Guid Id, Optional<Guid?> TeamId) : IRequest<User>, IAdministrativeChange<User>
{
    AdministrativeAction IAdministrativeChange<User>.Describe(User updated) => new(
        AdminActions.SetUserTeam, $"user {Id}", TeamId.Value is { } team ? $"team {team}" : "no team");
}

internal sealed class SetUserTeamValidator : AbstractValidator<SetUserTeam>
{
    public SetUserTeamValidator() =>
        RuleFor(command => command.TeamId).Must(team => team.IsGiven).WithMessage("is required; null takes the user out of the team");
}

internal sealed class SetUserTeamHandler(IUserStore users, ICallerDirectory callers, TimeProvider time) : IRequestHandler<SetUserTeam, User>
{
    public async Task<User> Handle(SetUserTeam command, CancellationToken cancellationToken)
    {
        var user = await users.SetTeamAsync(command.Id, command.TeamId.Value, command.By, time.GetUtcNow(), cancellationToken)
            ?? throw RequireUser.Missing(command.Id);
        callers.Forget();
        return user;
    }
}
