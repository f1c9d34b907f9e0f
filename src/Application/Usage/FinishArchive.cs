using FluentValidation;
using MediatR;

namespace AiGateway.Application.Usage;

/// <summary>Removes what an archive file holds and the books still hold too: the rest of a run that was cut off.</summary>
public sealed record FinishArchive(string File) : IRequest<ArchiveResult>;

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
