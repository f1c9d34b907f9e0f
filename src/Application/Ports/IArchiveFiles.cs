using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>Files of usage records.</summary>
public interface IArchiveFiles
{
    /// <summary>
    /// Writes a new file. When this returns, all of it is on the disk; when it fails, there is no file.
    /// </summary>
    /// <exception cref="InvalidRequestException">The file exists, or cannot be made.</exception>
    Task WriteAsync(string path, IAsyncEnumerable<UsageRecord> records, CancellationToken cancellationToken);

    /// <summary>Reads a file from its beginning to its end.</summary>
    /// <exception cref="InvalidRequestException">It does not exist, or is not complete: known when the end is reached at the latest.</exception>
    IAsyncEnumerable<UsageRecord> ReadAsync(string path, CancellationToken cancellationToken);
}
