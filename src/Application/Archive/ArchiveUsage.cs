using System.Runtime.CompilerServices;
using AiGateway.Application.Administration;
using AiGateway.Application.Progress;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Archive;

/// <summary>
/// Writes the usage records of old days to a new file, then removes them from the database, which keeps their sums. Without
/// such records no file is written.
/// </summary>
/// <param name="Before">First UTC day whose records stay.</param>
/// <param name="To">The file; it must not exist.</param>
public sealed record ArchiveUsage(DateOnly Before, string To) : IRequest<ArchiveResult>, IAdministrativeChange<ArchiveResult>
{
    Actor IAdministration.By => Actor.Operator;

    AdministrativeAction IAdministrativeChange<ArchiveResult>.Describe(ArchiveResult done) => new(
        AdminActions.ArchiveUsage, $"file {To}", $"before {Before:yyyy-MM-dd}, {done.Written} written, {done.Removed} removed");
}

/// <summary>The result of archiving.</summary>
/// <param name="Written">Usage records in the file.</param>
/// <param name="Removed">Usage records that were removed from the database.</param>
public sealed record ArchiveResult(long Written, long Removed);

internal sealed class ArchiveUsageValidator : AbstractValidator<ArchiveUsage>
{
    public ArchiveUsageValidator(TimeProvider time)
    {
        RuleFor(command => command.To).NotEmpty().WithMessage("must name the file to write");
        RuleFor(command => command.Before)
            .Must(before => before <= RemovableUsage.EndAt(time.GetUtcNow()))
            .WithMessage(_ => $"must be at most {RemovableUsage.EndAt(time.GetUtcNow()):yyyy-MM-dd}: the current and the previous month stay");
    }
}

internal sealed class ArchiveUsageHandler(IUsageArchive archive, IArchiveFiles files, ArchiveRemoval removal, IWorkProgress progress)
    : IRequestHandler<ArchiveUsage, ArchiveResult>
{
    public async Task<ArchiveResult> Handle(ArchiveUsage command, CancellationToken cancellationToken)
    {
        var before = new DateTimeOffset(command.Before, TimeOnly.MinValue, TimeSpan.Zero);
        var written = await files.WriteAsync(command.To, ReadAsync(before, cancellationToken), cancellationToken);
        return written == 0 ? new ArchiveResult(0, 0) : await removal.RunAsync(command.To, cancellationToken);
    }

    // Nothing is read before the file is open.
    private async IAsyncEnumerable<UsageRecord> ReadAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var step = progress.Begin("Write the records to the file", await archive.CountAsync(before, cancellationToken));
        await foreach (var record in archive.ReadAsync(before, cancellationToken))
        {
            step.Advance();
            yield return record;
        }
    }
}
