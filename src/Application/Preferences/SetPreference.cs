using AiGateway.Application.Routing;
using AiGateway.Application.Users;
using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Preferences;

/// <summary>Sets the model and provider for requests that do not name one; null restores the configured default.</summary>
public sealed record SetPreference(Caller Caller, string? Model, string? Provider) : IRequest<UserModelPreference>;

internal sealed class SetPreferenceValidator : AbstractValidator<SetPreference>
{
    public SetPreferenceValidator()
    {
        RuleFor(command => command.Model).IsName(StorableText.NameLength);
        RuleFor(command => command.Provider).IsName(StorableText.NameLength);
    }
}

internal sealed class SetPreferenceHandler(ModelRouter router, IUserStore users, ICallerDirectory callers, TimeProvider time)
    : IRequestHandler<SetPreference, UserModelPreference>
{
    public async Task<UserModelPreference> Handle(SetPreference command, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        router.RequireServed(command.Model, command.Provider, command.Caller.AllowedModels, DateOnly.FromDateTime(now.UtcDateTime));
        var preference = new UserModelPreference
        {
            UserId = command.Caller.UserId,
            Model = command.Model,
            Provider = command.Provider,
            UpdatedAt = now,
        };
        await users.SavePreferenceAsync(preference, cancellationToken);
        callers.Forget(command.Caller.UserId);
        return preference;
    }
}
