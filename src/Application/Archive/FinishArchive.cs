using AiGateway.Application.Administration;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Archive;

/// <summary>Removes the records of an archive file that are still in the database, after an interrupted run.</summary>
public sealed record FinishArchive(string File) : IRequest<ArchiveResult>, IAdministrativeChange<ArchiveResult>
{
    Actor IAdministration.By => Actor.Operator;

    AdministrativeAction IAdministrativeChange<ArchiveResult>.Describe(ArchiveResult done) => new(
        AdminActions.ArchiveUsage, $"file {File}", $"{done.Removed} removed");
}

internal sealed class FinishArchiveValidator : AbstractValidator<FinishArchive>
{
    public FinishArchiveValidator() =>
        RuleFor(command => command.File).NotEmpty().WithMessage("must name an archive file").OverridePropertyName("finish");
}

internal sealed class FinishArchiveHandler(ArchiveRemoval removal) : IRequestHandler<FinishArchive, ArchiveResult>
{
    public Task<ArchiveResult> Handle(FinishArchive command, CancellationToken cancellationToken) =>
        removal.RunAsync(command.File, cancellationToken);
}
