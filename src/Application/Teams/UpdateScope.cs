using AiGateway.Application.Administration;
using AiGateway.Application.Users;
using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Teams;

/// <summary>
/// Renames, disables, enables or moves an organisation, team or project, or sets its time zone or models. What is left out
/// stays. Requests in progress keep the scopes that they are charged to.
/// </summary>
public sealed record UpdateScope(Actor By, ScopeKind Kind, Guid Id) : IRequest<Scope>, IAdministrativeChange<Scope>, IWithinTeam
{
    /// <summary>The new name; null keeps it.</summary>
    public string? Name { get; init; }

    /// <summary>Whether its callers are refused; null keeps the state.</summary>
    public bool? Disabled { get; init; }

    /// <summary>The new parent; null keeps it.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>IANA name of the time zone in which its days begin; null: that of its parent.</summary>
    public Optional<string?> TimeZone { get; init; }

    /// <summary>The models that requests below it may use; null: all.</summary>
    public Optional<IReadOnlyList<string>?> AllowedModels { get; init; }

    IEnumerable<TeamTarget> IWithinTeam.Targets =>
        [new(Kind, Id), .. ScopeKinds.ParentOf(Kind) is { } above ? TeamTarget.Named(above, ParentId) : []];

    AdministrativeAction IAdministrativeChange<Scope>.Describe(Scope updated) => new(
        AdminActions.UpdateScope, $"{Kind.ToName()} {Id}", string.Join(", ", Changes()));

    private IEnumerable<string> Changes()
    {
        if (Name is not null) yield return "renamed";
        if (Disabled is { } disabled) yield return disabled ? "disabled" : "enabled";
        if (ParentId is { } parent) yield return $"moved below {parent}";
        if (TimeZone.IsGiven) yield return $"time zone {TimeZone.Value ?? "of its parent"}";
        if (AllowedModels.IsGiven) yield return $"models {WordList.Join(AllowedModels.Value) ?? "all"}";
    }
}

internal sealed class UpdateScopeValidator : AbstractValidator<UpdateScope>
{
    public UpdateScopeValidator()
    {
        RuleFor(command => command.Name).IsName(StorableText.NameLength);
        RuleFor(command => command.TimeZone.Value).Must(zone => zone is null || LocalDays.IsZone(zone))
            .WithMessage("must be the IANA name of a time zone, such as Europe/Berlin, or null for that of the parent")
            .OverridePropertyName(nameof(UpdateScope.TimeZone));
        RuleFor(command => command.AllowedModels.Value).AreModelPatterns().OverridePropertyName(nameof(UpdateScope.AllowedModels));
    }
}

internal sealed class UpdateScopeHandler(IScopeStore scopes, ICallerDirectory callers, TimeProvider time) : IRequestHandler<UpdateScope, Scope>
{
    public async Task<Scope> Handle(UpdateScope command, CancellationToken cancellationToken)
    {
        var models = command.AllowedModels.Select(WordList.Join);
        var changes = new ScopeChanges(command.Name, command.Disabled, command.ParentId, command.TimeZone, models);
        var scope = await scopes.UpdateAsync(command.Kind, command.Id, changes, command.By, time.GetUtcNow(), cancellationToken)
            ?? throw RequireScope.Missing(command.Kind, command.Id);
        callers.Forget();
        return scope;
    }
}
