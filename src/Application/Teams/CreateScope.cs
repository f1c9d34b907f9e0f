using AiGateway.Application.Administration;
using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Teams;

/// <summary>Creates an organisation, a team of an organisation, or a project of a team.</summary>
public sealed record CreateScope(Actor By, ScopeKind Kind, string? Name, Guid? ParentId = null) : IRequest<Scope>, IAdministrativeChange<Scope>, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => ScopeKinds.ParentOf(Kind) is { } above ? TeamTarget.Named(above, ParentId) : [];

    AdministrativeAction IAdministrativeChange<Scope>.Describe(Scope made) => new(
        AdminActions.CreateScope, $"{Kind.ToName()} {made.Id}", made.ParentId is { } parent ? $"below {parent}" : "");
}

internal sealed class CreateScopeValidator : AbstractValidator<CreateScope>
{
    public CreateScopeValidator()
    {
        RuleFor(command => command.Name).NotNull().WithMessage("is required").IsName(StorableText.NameLength);
        RuleFor(command => command).Custom(static (command, context) =>
        {
            if (ScopeKinds.ParentOf(command.Kind) is { } parent && command.ParentId is null) context.AddFailure(parent.ToField(), "is required");
        });
    }
}

internal sealed class CreateScopeHandler(IScopeStore scopes, TimeProvider time) : IRequestHandler<CreateScope, Scope>
{
    public async Task<Scope> Handle(CreateScope command, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var scope = new Scope
        {
            Id = Guid.CreateVersion7(now),
            Kind = command.Kind,
            Name = command.Name!,
            ParentId = command.ParentId,
            CreatedAt = now,
        };
        await scopes.AddAsync(scope, command.By, cancellationToken);
        return scope;
    }
}
