using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>Files of usage records.</summary>
public interface IArchiveFiles
{
    /// <summary>
    /// Writes a new file. When this returns, all of it is on the disk. When it fails, or there are no records, there is no file.
    /// </summary>
    /// <returns>How many records were written.</returns>
    /// <exception cref="InvalidRequestException">The file exists, or cannot be made.</exception>
    Task<long> WriteAsync(string path, IAsyncEnumerable<UsageRecord> records, CancellationToken cancellationToken);

    /// <summary>Reads a file from its beginning to its end.</summary>
    /// <exception cref="InvalidRequestException">It does not exist, or is not complete: known when the end is reached at the latest.</exception>
    IAsyncEnumerable<UsageRecord> ReadAsync(string path, CancellationToken cancellationToken);
}
