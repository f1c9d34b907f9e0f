using System.Diagnostics;
using Npgsql;

namespace AiGateway.Testing;

/// <summary>A PgBouncer in transaction mode before a PostgreSQL server. It runs until it is disposed.</summary>
public sealed class PgBouncer : IDisposable
{
    private const int ServerConnections = 2;

    private readonly string _folder;
    private readonly int _port;
    private readonly Process _process;

    private PgBouncer(string program, PostgresServer server)
    {
        _folder = Directory.CreateTempSubdirectory("aigateway-pgbouncer-").FullName;
        _port = PostgresServer.FreePort();
        var settings = Path.Combine(_folder, "pgbouncer.ini");
        File.WriteAllText(settings, $"""
            [databases]
            * = host=127.0.0.1 port={server.Address.Port} user=tests
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {_port}
            auth_type = any
            pool_mode = transaction
            default_pool_size = {ServerConnections}
            unix_socket_dir =
            """);
        if (Environment.IsPrivilegedProcess) PostgresServer.Run("chown", "-R", "postgres", _folder);
        _process = PostgresServer.Launch(PostgresServer.AsServerUser(program, settings));
    }

    /// <summary>Starts one; null if PgBouncer is not installed.</summary>
    /// <param name="server">The server behind it.</param>
    public static async Task<PgBouncer?> TryStartAsync(PostgresServer server)
    {
        string[] folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin", "/usr/local/bin"];
        if (folders.Select(folder => Path.Combine(folder, "pgbouncer")).FirstOrDefault(File.Exists) is not { } program) return null;
        var bouncer = new PgBouncer(program, server);
        await Eventually.GetAsync(bouncer.AnswersAsync, static answers => answers);
        return bouncer;
    }

    /// <summary>The connection string of a database of the server, by way of the pooler.</summary>
    /// <param name="database">The name of the database.</param>
    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={_port};Username=tests;Database={database};No Reset On Close=true;Include Error Detail=true";

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{ConnectionString("postgres")};Pooling=False");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException) when (!_process.HasExited)
        {
            return false;
        }
    }
}
