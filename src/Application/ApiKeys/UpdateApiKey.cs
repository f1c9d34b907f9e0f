using AiGateway.Application.Administration;
using AiGateway.Application.Users;
using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.ApiKeys;

/// <summary>Changes a key; what is left out stays. Its secret, owner and scopes never change.</summary>
public sealed record UpdateApiKey(Actor By, Guid Id) : IRequest<ApiKey>, IAdministrativeChange<ApiKey>, IWithinTeam
{
    /// <summary>The new name; null keeps it.</summary>
    public string? Name { get; init; }

    /// <summary>A note for administrators; null: none.</summary>
    public Optional<string?> Description { get; init; }

    /// <summary>Tags for reports; null: none.</summary>
    public Optional<IReadOnlyList<string>?> Tags { get; init; }

    /// <summary>Time from which the key is refused; null: never.</summary>
    public Optional<DateTimeOffset?> ExpiresAt { get; init; }

    /// <summary>Models that it may use; null: all that its team and organisation allow.</summary>
    public Optional<IReadOnlyList<string>?> AllowedModels { get; init; }

    /// <summary>Networks or addresses that it may be used from; null: all.</summary>
    public Optional<IReadOnlyList<string>?> AllowedNetworks { get; init; }

    /// <summary>The team that its requests count for, in the place of a project; null: that of its user.</summary>
    public Optional<Guid?> TeamId { get; init; }

    /// <summary>The project that its requests count for, in the place of a team; null: none.</summary>
    public Optional<Guid?> ProjectId { get; init; }

    IEnumerable<TeamTarget> IWithinTeam.Targets =>
    [
        new(ScopeKind.Key, Id) { IsWidened = true }, .. TeamTarget.Named(ScopeKind.Team, TeamId.Value), .. TeamTarget.Named(ScopeKind.Project, ProjectId.Value),
    ];

    AdministrativeAction IAdministrativeChange<ApiKey>.Describe(ApiKey updated) => new(AdminActions.UpdateKey, $"key {Id}", string.Join(", ", Changes()));

    private IEnumerable<string> Changes()
    {
        if (Name is not null) yield return "renamed";
        if (Description.IsGiven) yield return "description";
        if (Tags.IsGiven) yield return "tags";
        if (ExpiresAt.IsGiven) yield return ExpiresAt.Value is { } end ? $"expires {end:O}" : "does not expire";
        if (AllowedModels.IsGiven) yield return $"models {WordList.Join(AllowedModels.Value) ?? "all"}";
        if (AllowedNetworks.IsGiven) yield return $"networks {KeyDetailRules.JoinNetworks(AllowedNetworks.Value) ?? "all"}";
        if (TeamId.IsGiven) yield return $"team {TeamId.Value?.ToString() ?? "of its user"}";
        if (ProjectId.IsGiven) yield return $"project {ProjectId.Value?.ToString() ?? "none"}";
    }
}

internal sealed class UpdateApiKeyValidator : AbstractValidator<UpdateApiKey>
{
    public UpdateApiKeyValidator(TimeProvider time)
    {
        RuleFor(command => command.Name).IsName(StorableText.NameLength);
        RuleFor(command => command.Description.Value).IsDescription().OverridePropertyName(nameof(UpdateApiKey.Description));
        RuleFor(command => command.Tags.Value).AreTags().OverridePropertyName(nameof(UpdateApiKey.Tags));
        RuleFor(command => command.ExpiresAt.Value).IsInTheFuture(time).OverridePropertyName(nameof(UpdateApiKey.ExpiresAt));
        RuleFor(command => command.AllowedModels.Value).AreModelPatterns().OverridePropertyName(nameof(UpdateApiKey.AllowedModels));
        RuleFor(command => command.AllowedNetworks.Value).AreNetworks().OverridePropertyName(nameof(UpdateApiKey.AllowedNetworks));
        RuleFor(command => command.TeamId.Value).Null().When(command => command.ProjectId.Value is not null)
            .WithMessage(KeyDetailRules.OnlyOne).OverridePropertyName(nameof(UpdateApiKey.TeamId));
    }
}

internal sealed class UpdateApiKeyHandler(IApiKeyStore keys, ICallerDirectory callers, TimeProvider time) : IRequestHandler<UpdateApiKey, ApiKey>
{
    public async Task<ApiKey> Handle(UpdateApiKey command, CancellationToken cancellationToken)
    {
        var changes = new KeyChanges
        {
            Name = command.Name,
            Description = command.Description,
            Tags = command.Tags.Select(WordList.Join),
            ExpiresAt = command.ExpiresAt,
            AllowedModels = command.AllowedModels.Select(WordList.Join),
            AllowedNetworks = command.AllowedNetworks.Select(KeyDetailRules.JoinNetworks),
            TeamId = command.TeamId,
            ProjectId = command.ProjectId,
        };
        var key = await keys.UpdateAsync(command.Id, changes, command.By, time.GetUtcNow(), cancellationToken) ?? throw RequireApiKey.Missing(command.Id);
        callers.Forget();
        return key;
    }
}
