using AiGateway.Application.Administration;
using AiGateway.Application.Users;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.ApiKeys;

/// <summary>
/// Gives a key a new secret; its id, limits and history stay. The present secret is valid for the grace time. An older one
/// ends at once.
/// </summary>
/// <param name="By">The author.</param>
/// <param name="Id">The key.</param>
/// <param name="GraceSeconds">How long the present secret stays valid, 0 to 2,592,000 seconds; null: 0.</param>
public sealed record RotateApiKey(Actor By, Guid Id, int? GraceSeconds) : IRequest<CreatedApiKey>, IAdministrativeChange<CreatedApiKey>, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [new(ScopeKind.Key, Id) { GivesSecret = true }];

    AdministrativeAction IAdministrativeChange<CreatedApiKey>.Describe(CreatedApiKey rotated) => new(
        AdminActions.RotateKey, $"key {Id}", rotated.Key.PreviousValidUntil is { } end ? $"previous secret valid until {end:O}" : "previous secret ended");
}

internal sealed class RotateApiKeyValidator : AbstractValidator<RotateApiKey>
{
    private const int MostSeconds = 30 * 24 * 60 * 60;

    public RotateApiKeyValidator() =>
        RuleFor(command => command.GraceSeconds).InclusiveBetween(0, MostSeconds).WithMessage($"must be between 0 and {MostSeconds}");
}

internal sealed class RotateApiKeyHandler(IApiKeyStore keys, IApiKeySecrets secrets, ICallerDirectory callers, TimeProvider time)
    : IRequestHandler<RotateApiKey, CreatedApiKey>
{
    public async Task<CreatedApiKey> Handle(RotateApiKey command, CancellationToken cancellationToken)
    {
        // The new secret gives the rights of the key, which never change.
        command.By.RequireRights((await keys.RequireAsync(command.Id, cancellationToken)).Scopes.Split(' '));
        var secret = secrets.Create();
        DateTimeOffset? previousValidUntil = command.GraceSeconds is > 0 and var grace ? time.GetUtcNow().AddSeconds(grace) : null;
        var rotation = new KeyRotation(secrets.PrefixOf(secret), secrets.HashOf(secret), previousValidUntil);
        var key = await keys.RotateAsync(command.Id, rotation, command.By, time.GetUtcNow(), cancellationToken) ?? throw RequireApiKey.Missing(command.Id);
        callers.Forget();
        return new CreatedApiKey(key, secret);
    }
}
