using AiGateway.Domain;

namespace AiGateway.Application.Ports;

/// <summary>Files of usage records.</summary>
public interface IArchiveFiles
{
    /// <summary>
    /// Writes a new file. On return the whole file is on the disk. On failure, or without records, no file exists.
    /// </summary>
    /// <returns>How many records were written.</returns>
    /// <exception cref="InvalidRequestException">The file exists, or cannot be created.</exception>
    Task<long> WriteAsync(string path, IAsyncEnumerable<UsageRecord> records, CancellationToken cancellationToken);

    /// <summary>Reads a file from its beginning to its end.</summary>
    /// <exception cref="InvalidRequestException">
    /// The file does not exist, or is incomplete. This is known at the end of the file at the latest.
    /// </exception>
    IAsyncEnumerable<UsageRecord> ReadAsync(string path, CancellationToken cancellationToken);
}
