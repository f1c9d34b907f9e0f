using AiGateway.Application.Administration;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Usage;

/// <summary>Removes what an archive file holds and the books still hold too: the rest of a run that was cut off.</summary>
public sealed record FinishArchive(string File) : IRequest<ArchiveResult>, IAdministrativeChange<ArchiveResult>
{
    Actor IAdministrativeChange<ArchiveResult>.By => Actor.Operator;

    AdministrativeAction IAdministrativeChange<ArchiveResult>.Describe(ArchiveResult done) => new(
        "finish_archive", $"file {File}", $"{done.Removed} removed");
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
