using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AiGateway.Application.Ports;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Archive;

/// <summary>Archives are JSON Lines, compressed with gzip. The end of the file shows whether it is complete.</summary>
internal sealed class ArchiveFiles : IArchiveFiles
{
    private const int BufferSize = 1 << 16;

    public async Task<long> WriteAsync(string path, IAsyncEnumerable<UsageRecord> records, CancellationToken cancellationToken)
    {
        var file = Create(path);
        var (written, isComplete) = (0L, false);
        try
        {
            await using (file)
            {
                written = await WriteAsync(file, records, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            isComplete = written > 0;
            return written;
        }
        finally
        {
            // Nothing was removed for it: an incomplete or empty archive is useless.
            if (!isComplete) File.Delete(path);
        }
    }

    public async IAsyncEnumerable<UsageRecord> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var file = Open(path);
        var length = ReadLength(file);
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        await using var counted = new CountedStream(gzip);
        using var reader = new StreamReader(counted, bufferSize: BufferSize);
        for (var number = 1; await ReadLineAsync(reader, path, cancellationToken) is { } line; number++) yield return Parse(line, path, number);

        if (unchecked((uint)counted.Count) != length) throw Incomplete(path);
    }

    private static async Task<long> WriteAsync(FileStream file, IAsyncEnumerable<UsageRecord> records, CancellationToken cancellationToken)
    {
        var written = 0L;
        await using var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true);
        await using var writer = new StreamWriter(gzip, bufferSize: BufferSize) { NewLine = "\n" };
        await foreach (var record in records.WithCancellation(cancellationToken))
        {
            await writer.WriteLineAsync(ArchiveLine.Of(record).AsMemory(), cancellationToken);
            written++;
        }

        return written;
    }

    private static FileStream Create(string path)
    {
        try
        {
            return PrivateFile.CreateNew(path, BufferSize);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new InvalidRequestException("to", $"{path} already exists; to remove its records from the database, use --finish {path}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InvalidRequestException("to", $"{path} cannot be written: {failure.Message}");
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InvalidRequestException("finish", $"{path} cannot be read: {failure.Message}");
        }
    }

    /// <summary>The last four bytes of a gzip file are the uncompressed length, modulo 2^32.</summary>
    private static uint ReadLength(FileStream file)
    {
        if (file.Length < sizeof(uint)) throw Incomplete(file.Name);
        Span<byte> end = stackalloc byte[sizeof(uint)];
        file.Seek(-end.Length, SeekOrigin.End);
        file.ReadExactly(end);
        file.Seek(0, SeekOrigin.Begin);
        return BinaryPrimitives.ReadUInt32LittleEndian(end);
    }

    private static async Task<string?> ReadLineAsync(StreamReader reader, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw Incomplete(path);
        }
    }

    private static UsageRecord Parse(string line, string path, int number)
    {
        try
        {
            return ArchiveLine.Read(line);
        }
        catch (JsonException failure)
        {
            throw new InvalidRequestException("finish", $"{path} line {number} is not a usage record, or is cut off: {failure.Message}");
        }
    }

    private static InvalidRequestException Incomplete(string path) =>
        new("finish", $"{path} is not a complete archive, and none of its records was removed; delete it and archive again");
}
