using AiGateway.Application.Ports;
using AiGateway.Domain;

namespace AiGateway.Application.Usage;

/// <summary>
/// Removes from the books what a file holds. The file is read to its end first; then what is removed is what was read, so
/// that no record goes that is not in it, however often this is cut off and begun again.
/// </summary>
internal sealed class ArchiveRemoval(IUsageArchive books, IArchiveFiles files, TimeProvider time)
{
    /// <summary>Records a transaction: few, so that requests need not wait for their turn at the books.</summary>
    internal const int BatchSize = 256;

    public async Task<ArchiveResult> RunAsync(string file, CancellationToken cancellationToken)
    {
        var written = await CheckAsync(file, cancellationToken);
        var removed = 0L;
        await foreach (var batch in files.ReadAsync(file, cancellationToken).Chunk(BatchSize).WithCancellation(cancellationToken))
            removed += await books.RemoveAsync(batch, cancellationToken);
        return new ArchiveResult(written, removed);
    }

    private async Task<long> CheckAsync(string file, CancellationToken cancellationToken)
    {
        var end = new DateTimeOffset(RemovableUsage.EndAt(time.GetUtcNow()), TimeOnly.MinValue, TimeSpan.Zero);
        var count = 0L;
        await foreach (var record in files.ReadAsync(file, cancellationToken).WithCancellation(cancellationToken))
        {
            if (record.CreatedAt >= end) throw new InvalidRequestException("finish", $"{file} contains records that must stay, such as {record.Id}");
            count++;
        }

        return count;
    }
}
