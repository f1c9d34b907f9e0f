using AiGateway.Application.Administration;
using AiGateway.Application.Progress;
using AiGateway.Domain;

namespace AiGateway.Application.Archive;

/// <summary>
/// Removes the records of a file from the database. The file is first read to its end, and only records that were read are
/// removed. No record outside the file is lost, however often the run is interrupted and repeated.
/// </summary>
internal sealed class ArchiveRemoval(IUsageArchive archive, IArchiveFiles files, TimeProvider time, IWorkProgress progress)
{
    /// <summary>Records per transaction: few, because requests wait for the ledger meanwhile.</summary>
    internal const int BatchSize = 256;

    public async Task<ArchiveResult> RunAsync(string file, CancellationToken cancellationToken)
    {
        var written = await CheckAsync(file, cancellationToken);
        var removed = 0L;
        using var step = progress.Begin("Remove the records from the database", written);
        await foreach (var batch in files.ReadAsync(file, cancellationToken).Chunk(BatchSize).WithCancellation(cancellationToken))
        {
            var unnamed = removed == 0 ? new ArchivedFile(file, written) : null;
            removed += await archive.RemoveAsync(batch, Actor.Operator, unnamed, cancellationToken);
            step.Advance(batch.Length);
        }

        return new ArchiveResult(written, removed);
    }

    private async Task<long> CheckAsync(string file, CancellationToken cancellationToken)
    {
        var end = new DateTimeOffset(RemovableUsage.EndAt(time.GetUtcNow()), TimeOnly.MinValue, TimeSpan.Zero);
        var count = 0L;
        using var step = progress.Begin("Check the file");
        await foreach (var record in files.ReadAsync(file, cancellationToken).WithCancellation(cancellationToken))
        {
            if (record.CreatedAt >= end) throw new InvalidRequestException("finish", $"{file} contains records that must stay, such as {record.Id}");
            count++;
        }

        return count;
    }
}

/// <summary>How old a usage record must be before it may be removed.</summary>
internal static class RemovableUsage
{
    /// <summary>
    /// The first day that stays: the first day of the previous month. No request runs that long and no settlement comes that
    /// late, so removed records are final. Budgets of the current month always have their records.
    /// </summary>
    public static DateOnly EndAt(DateTimeOffset now) => QuotaPeriod.MonthOf(now).Start.AddMonths(-1);
}
