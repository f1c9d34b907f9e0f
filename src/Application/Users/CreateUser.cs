using AiGateway.Application.Administration;
using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Users;

/// <summary>Creates a user with the configured default limits.</summary>
public sealed record CreateUser(Actor By, string? Name) : IRequest<User>, IAdministrativeChange<User>
{
    AdministrativeAction IAdministrativeChange<User>.Describe(User made) => new(AdminActions.CreateUser, $"user {made.Id}");
}

internal sealed class CreateUserValidator : AbstractValidator<CreateUser>
{
    public const int MaxNameLength = 200;

    public CreateUserValidator() =>
        RuleFor(command => command.Name).NotNull().WithMessage("is required").IsName(MaxNameLength);
}

internal sealed class CreateUserHandler(IUserStore users, TimeProvider time) : IRequestHandler<CreateUser, User>
{
    public async Task<User> Handle(CreateUser command, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var user = new User { Id = Guid.CreateVersion7(now), Name = command.Name!, CreatedAt = now };
        await users.AddAsync(user, command.By, cancellationToken);
        return user;
    }
}
