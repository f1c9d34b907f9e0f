using AiGateway.Application.Pipeline;
using AiGateway.Application.Ports;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Users;

/// <summary>Renames, disables or enables a user; null leaves as is.</summary>
public sealed record UpdateUser(Guid Id, string? Name, bool? Disabled) : IRequest<User>;

internal sealed class UpdateUserValidator : AbstractValidator<UpdateUser>
{
    public UpdateUserValidator() => RuleFor(command => command.Name).IsName(CreateUserValidator.MaxNameLength);
}

internal sealed class UpdateUserHandler(IUserStore users, ICallerDirectory callers) : IRequestHandler<UpdateUser, User>
{
    public async Task<User> Handle(UpdateUser command, CancellationToken cancellationToken)
    {
        var user = await users.UpdateAsync(command.Id, command.Name, command.Disabled, cancellationToken)
            ?? throw RequireUser.Missing(command.Id);
        callers.Forget();
        return user;
    }
}
