using AiGateway.Application.Administration;
using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Users;

/// <summary>
/// Renames, disables or enables a user; null keeps the value. The last user with an active administrator key cannot be
/// disabled.
/// </summary>
public sealed record UpdateUser(Actor By, Guid Id, string? Name, bool? Disabled) : IRequest<User>, IAdministrativeChange<User>
{
    AdministrativeAction IAdministrativeChange<User>.Describe(User updated) => new(
        AdminActions.UpdateUser, $"user {Id}", string.Join(", ", Changes()));

    private IEnumerable<string> Changes()
    {
        if (Name is not null) yield return "renamed";
        if (Disabled is { } disabled) yield return disabled ? "disabled" : "enabled";
    }
}

internal sealed class UpdateUserValidator : AbstractValidator<UpdateUser>
{
    public UpdateUserValidator() => RuleFor(command => command.Name).IsName(CreateUserValidator.MaxNameLength);
}

internal sealed class UpdateUserHandler(IUserStore users, ICallerDirectory callers, TimeProvider time)
    : IRequestHandler<UpdateUser, User>
{
    public async Task<User> Handle(UpdateUser command, CancellationToken cancellationToken)
    {
        var user = await users.UpdateAsync(command.Id, command.Name, command.Disabled, command.By, time.GetUtcNow(), cancellationToken)
            ?? throw RequireUser.Missing(command.Id);
        callers.Forget();
        return user;
    }
}
