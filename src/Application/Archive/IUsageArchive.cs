using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.Archive;

/// <summary>Removes old usage records from the database. The ledger keeps balancing.</summary>
public interface IUsageArchive
{
    /// <summary>How many records <see cref="ReadAsync"/> reads.</summary>
    Task<long> CountAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Records created before a time, oldest first; held records are left out.</summary>
    IAsyncEnumerable<UsageRecord> ReadAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>
    /// Removes these records and adds them to the sums of archived records, in one transaction. Records that are missing, or
    /// have changed, are left as they are.
    /// </summary>
    /// <param name="records">The records.</param>
    /// <param name="by">The operator.</param>
    /// <param name="file">Named in the audit log where a record is removed; null: the log names it already.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were removed.</returns>
    Task<int> RemoveAsync(IReadOnlyList<UsageRecord> records, Actor by, ArchivedFile? file, CancellationToken cancellationToken);
}

/// <summary>A complete archive.</summary>
/// <param name="Path">The file.</param>
/// <param name="Records">Usage records in it.</param>
public sealed record ArchivedFile(string Path, long Records);
