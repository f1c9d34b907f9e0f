using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AiGateway.Testing;

/// <summary>A PostgreSQL server with a free port and a new folder. It runs until it is disposed.</summary>
public sealed class PostgresServer : IDisposable
{
    /// <summary>One server for all tests of a process; null if PostgreSQL is not installed.</summary>
    public static readonly Lazy<PostgresServer?> Instance = new(() => TryStart());

    // A start takes a second. To ask without a pause would take a processor from it.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string _programs;
    private readonly string _folder;
    private readonly int _port;
    private readonly bool _isDurable;
    private readonly bool _isEncrypted;
    private Process _process;

    private PostgresServer(string programs, string folder, int port, bool durable, bool encrypted)
    {
        (_programs, _folder, _port, _isDurable, _isEncrypted) = (programs, folder, port, durable, encrypted);
        _process = Serve();
    }

    /// <summary>Whether PostgreSQL is installed on this machine.</summary>
    public static bool IsInstalled => FindPrograms() is not null;

    /// <summary>The id of the server's first process, the parent of its sessions.</summary>
    public int ProcessId => _process.Id;

    private string Folder => Path.Combine(_folder, "data");

    /// <summary>Starts a new server; null if PostgreSQL is not installed.</summary>
    /// <param name="durable">Whether commits wait for the disk, as in production. Otherwise they survive only a crash of the server.</param>
    /// <param name="tls">Certificates: only encrypted connections with a client certificate are taken. Null: plain ones are.</param>
    public static PostgresServer? TryStart(bool durable = false, ServerTls? tls = null)
    {
        if (FindPrograms() is not { } programs) return null;
        var folder = Directory.CreateTempSubdirectory("aigateway-postgres-").FullName;
        if (Environment.IsPrivilegedProcess) Run("chown", "postgres", folder);
        Run(AsServerUser(
            Path.Combine(programs, "initdb"), "-D", Path.Combine(folder, "data"), "-U", "tests", "--auth=trust", "--encoding=UTF8", "--locale=C"));
        if (tls is not null) Encrypt(Path.Combine(folder, "data"), tls);
        var server = new PostgresServer(programs, folder, FreePort(), durable, encrypted: tls is not null);
        if (tls is null) server.WaitUntilReady();
        else server.WaitUntilListening();
        return server;
    }

    /// <summary>The connection string of a database of the server.</summary>
    /// <param name="database">The name of the database.</param>
    /// <param name="port">Another port that leads to the server; null for the server's own.</param>
    public string ConnectionString(string database, int? port = null) =>
        $"Host=127.0.0.1;Port={port ?? _port};Username=tests;Database={database};Include Error Detail=true";

    /// <summary>The address on which the server listens.</summary>
    public IPEndPoint Address => new(IPAddress.Loopback, _port);

    /// <summary>Creates an empty database.</summary>
    /// <param name="name">The name of the database.</param>
    public async Task CreateDatabaseAsync(string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}";
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Ends all sessions and stops the server; <see cref="Restart"/> starts it again.</summary>
    /// <param name="orderly">Whether the server stops by a fast shutdown; false for an immediate one, as in a crash.</param>
    public void Stop(bool orderly)
    {
        Signals.Send(orderly ? "INT" : "QUIT", _process.Id);
        _process.WaitForExit();
    }

    /// <summary>Starts the server again on the same port and folder, and waits until it answers.</summary>
    public void Restart()
    {
        _process.Dispose();
        _process = Serve();
        WaitUntilReady();
    }

    /// <summary>Suspends the server and all its sessions. The operating system still accepts connections for it.</summary>
    public void Freeze()
    {
        // The parent is suspended first, because it starts the sessions.
        Signals.Send("STOP", _process.Id);
        Signals.Send("STOP", [.. Signals.ChildrenOf(_process.Id)]);
    }

    /// <summary>Resumes the server and its sessions.</summary>
    public void Thaw() => Signals.Send("CONT", [_process.Id, .. Signals.ChildrenOf(_process.Id)]);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Encrypt(string data, ServerTls tls)
    {
        File.WriteAllText(Path.Combine(data, "ca.pem"), tls.Authority);
        File.WriteAllText(Path.Combine(data, "server.crt"), tls.Server.Certificate);
        var key = Path.Combine(data, "server.key");
        File.WriteAllText(key, tls.Server.Key);
        Run("chmod", "600", key);
        File.WriteAllText(Path.Combine(data, "pg_hba.conf"), "hostssl all all 127.0.0.1/32 cert\n");
        if (Environment.IsPrivilegedProcess) Run("chown", "-R", "postgres", data);
    }

    private static string? FindPrograms()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (Directory.Exists("/usr/lib/postgresql"))
            folders = [.. folders, .. Directory.GetDirectories("/usr/lib/postgresql").Order().Select(version => Path.Combine(version, "bin"))];
        return folders.LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    /// <summary>Runs a command as the user postgres if this process is root, because the server refuses to run as root.</summary>
    internal static string[] AsServerUser(params string[] command) => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command]
        : command;

    internal static void Run(params string[] command)
    {
        using var process = Launch(command);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}.");
    }

    internal static Process Launch(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Process Serve() => Launch(AsServerUser(
        Path.Combine(_programs, "postgres"), "-D", Folder, "-p", $"{_port}", "-k", _folder, "-c", "listen_addresses=127.0.0.1",
        "-c", $"fsync={(_isDurable ? "on" : "off")}", "-c", "max_connections=200",
        "-c", $"ssl={(_isEncrypted ? "on" : "off")}", "-c", "ssl_ca_file=ca.pem"));

    // A connection without a client certificate is refused, so the port alone tells.
    private void WaitUntilListening()
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var connection = new TcpClient();
                connection.Connect(Address);
                return;
            }
            catch (SocketException) when (started.Elapsed < TimeSpan.FromSeconds(60) && !_process.HasExited)
            {
                // The server does not listen yet.
                _process.WaitForExit(Pause);
            }
        }
    }

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
                // The server does not answer yet.
                _process.WaitForExit(Pause);
            }
        }
    }
}

/// <summary>The certificates of an encrypted server, in PEM.</summary>
/// <param name="Authority">The authority that issued the server's and the clients' certificates.</param>
/// <param name="Server">The server's own certificate and key.</param>
public sealed record ServerTls(string Authority, (string Certificate, string Key) Server);
