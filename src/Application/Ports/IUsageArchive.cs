using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>Takes old usage records out of the books, which go on balancing.</summary>
public interface IUsageArchive
{
    /// <summary>Records created before, oldest first; those still held are left out.</summary>
    IAsyncEnumerable<UsageRecord> ReadAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>
    /// Removes these records and adds them to the sums of what was removed, in one transaction. Records that are gone,
    /// or no longer what is given, are left as they are.
    /// </summary>
    /// <returns>How many were removed.</returns>
    Task<int> RemoveAsync(IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken);
}
