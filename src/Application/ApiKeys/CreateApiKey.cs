using AiGateway.Application.Administration;
using AiGateway.Application.Users;
using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.ApiKeys;

/// <summary>Creates a key for a user, with scopes of the actor. Its secret is only in the reply.</summary>
public sealed record CreateApiKey(
    Actor By, Guid? UserId, string? Name, IReadOnlyList<string>? Scopes, DateTimeOffset? ExpiresAt)
    : IRequest<CreatedApiKey>, IAdministrativeChange<CreatedApiKey>, IWithinTeam
{
    /// <summary>Its team or project, models, networks, description and tags.</summary>
    public KeyDetails Details { get; init; } = new();

    IEnumerable<TeamTarget> IWithinTeam.Targets =>
    [
        .. TeamTarget.Named(ScopeKind.User, UserId), .. TeamTarget.Named(ScopeKind.Team, Details.TeamId),
        .. TeamTarget.Named(ScopeKind.Project, Details.ProjectId),
    ];

    AdministrativeAction IAdministrativeChange<CreatedApiKey>.Describe(CreatedApiKey created) => created.Describe();
}

/// <summary>A key and its secret, which is shown only this once.</summary>
public sealed record CreatedApiKey(ApiKey Key, string Secret)
{
    internal AdministrativeAction Describe() => new(
        AdminActions.CreateKey, $"key {Key.Id}", $"of user {Key.UserId}, scopes {Key.Scopes}, {(Key.ExpiresAt is { } end ? $"expires {end:O}" : "does not expire")}");

    /// <summary>Omits the members, which contain a secret.</summary>
    public override string ToString() => nameof(CreatedApiKey);
}

internal sealed class CreateApiKeyValidator : AbstractValidator<CreateApiKey>
{
    private const int MaxNameLength = 200;

    public CreateApiKeyValidator(TimeProvider time)
    {
        RuleFor(command => command.UserId).NotNull().WithMessage("is required");
        RuleFor(command => command.Name).NotNull().WithMessage("is required").IsName(MaxNameLength);
        RuleFor(command => command.Scopes).Must(scopes => scopes is not { Count: 0 }).WithMessage("must hold at least one scope");
        RuleForEach(command => command.Scopes)
            .Must(scope => Scopes.All.Contains(scope, StringComparer.Ordinal))
            .WithMessage($"must be one of {string.Join(", ", Scopes.All)}");
        RuleFor(command => command.ExpiresAt).IsInTheFuture(time);
        RuleFor(command => command.Details).SetValidator(new KeyDetailsValidator()).OverridePropertyName(string.Empty);
    }
}

internal sealed class CreateApiKeyHandler(IUserStore users, ApiKeyMint mint) : IRequestHandler<CreateApiKey, CreatedApiKey>
{
    private static readonly string[] Default = [Scopes.Generate];

    public async Task<CreatedApiKey> Handle(CreateApiKey command, CancellationToken cancellationToken)
    {
        var scopes = command.Scopes ?? Default;
        command.By.RequireRights(scopes);
        var userId = command.UserId!.Value;
        if (await users.FindAsync(userId, cancellationToken) is null)
            throw new InvalidRequestException("userId", $"there is no user {userId}");
        return await mint.MintAsync(userId, command.Name!, scopes, command.ExpiresAt, command.Details, command.By, cancellationToken);
    }
}
