using Microsoft.Data.Sqlite;

namespace AiGateway.Api.Tests.Hosting;

/// <summary>A temporary folder for one gateway. It is deleted afterwards.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gateway-").FullName;

    public string DatabaseFile => File("gateway.db");

    public string ConnectionString => $"Data Source={DatabaseFile}";

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string content)
    {
        System.IO.File.WriteAllText(File(name), content);
        return File(name);
    }

    /// <summary>Changes the database directly, without the gateway.</summary>
    public int Execute(string sql)
    {
        using var connection = new SqliteConnection($"{ConnectionString};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    /// <summary>Reads one value of the database directly.</summary>
    public T Read<T>(string sql)
    {
        using var connection = new SqliteConnection($"{ConnectionString};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)command.ExecuteScalar()!;
    }

    /// <summary>The bytes of the database's files, with the write-ahead log, each byte as one character.</summary>
    public string ReadDatabaseBytes() => string.Concat(
        Directory.GetFiles(Path, "gateway.db*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)).Select(ReadShared));

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(Path, recursive: true);
    }

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
