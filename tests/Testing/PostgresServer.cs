using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AiGateway.Testing;

/// <summary>PostgreSQL's own programs on a free port with a fresh folder, until disposed.</summary>
public sealed class PostgresServer : IDisposable
{
    /// <summary>One for all tests of a process; null where PostgreSQL is not installed.</summary>
    public static readonly Lazy<PostgresServer?> Instance = new(() => TryStart());

    private readonly string _programs;
    private readonly string _folder;
    private readonly int _port;
    private readonly bool _isDurable;
    private Process _process;

    private PostgresServer(string programs, string folder, int port, bool durable)
    {
        (_programs, _folder, _port, _isDurable) = (programs, folder, port, durable);
        _process = Serve();
    }

    /// <summary>Whether PostgreSQL's programs are installed here.</summary>
    public static bool IsInstalled => FindPrograms() is not null;

    private string Folder => Path.Combine(_folder, "data");

    /// <summary>A new server; null where PostgreSQL is not installed.</summary>
    /// <param name="durable">Whether its commits wait for the disk, as in production; else they only outlast its own crash.</param>
    public static PostgresServer? TryStart(bool durable = false)
    {
        if (FindPrograms() is not { } programs) return null;
        var folder = Directory.CreateTempSubdirectory("aigateway-postgres-").FullName;
        if (Environment.IsPrivilegedProcess) Run("chown", "postgres", folder);
        Run(AsServerUser(
            Path.Combine(programs, "initdb"), "-D", Path.Combine(folder, "data"), "-U", "tests", "--auth=trust", "--encoding=UTF8", "--locale=C"));
        var server = new PostgresServer(programs, folder, FreePort(), durable);
        server.WaitUntilReady();
        return server;
    }

    /// <summary>How to reach one of its databases.</summary>
    /// <param name="database">The database's name.</param>
    /// <param name="port">Another port that leads to the server; null: its own.</param>
    public string ConnectionString(string database, int? port = null) =>
        $"Host=127.0.0.1;Port={port ?? _port};Username=tests;Database={database};Include Error Detail=true";

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => new(IPAddress.Loopback, _port);

    /// <summary>Makes an empty database.</summary>
    /// <param name="name">Its name.</param>
    public async Task CreateDatabaseAsync(string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}";
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Breaks off all sessions and stops; <see cref="Restart"/> brings it back.</summary>
    /// <param name="orderly">Whether it writes out what is committed (fast shutdown); false: as after a crash (immediate).</param>
    public void Stop(bool orderly)
    {
        Signals.Send(orderly ? "INT" : "QUIT", _process.Id);
        _process.WaitForExit();
    }

    /// <summary>Starts it again on the same port and folder, and waits until it answers.</summary>
    public void Restart()
    {
        _process.Dispose();
        _process = Serve();
        WaitUntilReady();
    }

    /// <summary>Holds it and all its sessions still; the system goes on accepting connections for it.</summary>
    public void Freeze()
    {
        // Its parent first: from then on there are no new ones.
        Signals.Send("STOP", _process.Id);
        Signals.Send("STOP", [.. Signals.ChildrenOf(_process.Id)]);
    }

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Signals.Send("CONT", [_process.Id, .. Signals.ChildrenOf(_process.Id)]);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? FindPrograms()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (Directory.Exists("/usr/lib/postgresql"))
            folders = [.. folders, .. Directory.GetDirectories("/usr/lib/postgresql").Order().Select(version => Path.Combine(version, "bin"))];
        return folders.LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    /// <summary>The server refuses to run as root.</summary>
    private static string[] AsServerUser(params string[] command) => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command]
        : command;

    private static void Run(params string[] command)
    {
        using var process = Launch(command);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}.");
    }

    private static Process Launch(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Process Serve() => Launch(AsServerUser(
        Path.Combine(_programs, "postgres"), "-D", Folder, "-p", $"{_port}", "-k", _folder, "-c", "listen_addresses=127.0.0.1",
        "-c", $"fsync={(_isDurable ? "on" : "off")}", "-c", "max_connections=200"));

    private void WaitUntilReady()
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=False");
                connection.Open();
                return;
            }
            catch (NpgsqlException) when (started.Elapsed < TimeSpan.FromSeconds(60) && !_process.HasExited)
            {
                // Not yet.
            }
        }
    }
}
