using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AiGateway.Infrastructure.Tests.Persistence;

/// <summary>PostgreSQL's own programs on a free port with a fresh folder, for as long as the tests run.</summary>
internal sealed class PostgresServer : IDisposable
{
    /// <summary>Null where PostgreSQL is not installed.</summary>
    public static readonly Lazy<PostgresServer?> Instance = new(Start);

    private readonly Process _process;
    private readonly string _folder;
    private readonly int _port;

    private PostgresServer(Process process, string folder, int port) => (_process, _folder, _port) = (process, folder, port);

    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={_port};Username=tests;Database={database};Include Error Detail=true";

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        Directory.Delete(_folder, recursive: true);
    }

    private static PostgresServer? Start()
    {
        if (FindPrograms() is not { } programs) return null;
        var folder = Directory.CreateTempSubdirectory("aigateway-postgres-").FullName;
        if (Environment.IsPrivilegedProcess) Run("chown", "postgres", folder);
        var data = Path.Combine(folder, "data");
        Run(AsServerUser(Path.Combine(programs, "initdb"), "-D", data, "-U", "tests", "--auth=trust", "--encoding=UTF8", "--locale=C"));
        var port = FreePort();
        var process = Launch(AsServerUser(
            Path.Combine(programs, "postgres"), "-D", data, "-p", $"{port}", "-k", folder, "-c", "listen_addresses=127.0.0.1",
            "-c", "fsync=off", "-c", "max_connections=200"));
        var server = new PostgresServer(process, folder, port);
        server.WaitUntilReady();
        return server;
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
