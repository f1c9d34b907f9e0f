using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>Removes old usage records from the database. The ledger keeps balancing.</summary>
public interface IUsageArchive
{
    /// <summary>Records created before a time, oldest first; held records are left out.</summary>
    IAsyncEnumerable<UsageRecord> ReadAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>
    /// Removes these records and adds them to the sums of archived records, in one transaction. Records that are missing, or
    /// have changed, are left as they are.
    /// </summary>
    /// <returns>How many were removed.</returns>
    Task<int> RemoveAsync(IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken);
}
