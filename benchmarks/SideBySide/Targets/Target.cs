using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AiGateway.Testing;

namespace AiGateway.SideBySide.Targets;

/// <summary>A process under load, with its address and its cost. Its output goes to a file, as in production.</summary>
internal sealed class Target : IDisposable
{
    private const int ProblemsShown = 3;

    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private readonly Process _process;
    private readonly string _log;

    private Target(Process process, string log, Uri address, long startedAt, string? key)
    {
        (_process, _log, Address, StartedAt, Key) = (process, log, address, startedAt, key);
    }

    public Uri Address { get; }

    /// <summary>The time stamp of <see cref="Stopwatch"/> at the start of the process.</summary>
    public long StartedAt { get; }

    /// <summary>The key that callers need; null for none.</summary>
    public string? Key { get; }

    /// <summary>The user and kernel time of the process so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The resident memory of the process.</summary>
    public double MemoryMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    /// <summary>Starts this program in another role.</summary>
    /// <param name="role">The command line of the role.</param>
    /// <param name="environment">Its further environment variables; null for none.</param>
    public static Task<Target> StartRoleAsync(string[] role, IReadOnlyDictionary<string, string>? environment = null) => StartAsync(
        [Environment.ProcessPath!, .. EntryPoint(), .. role], environment ?? new Dictionary<string, string>(), null, AppContext.BaseDirectory);

    /// <summary>Starts a program on a free port and waits until it accepts connections.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Its further environment variables.</param>
    /// <param name="key">The key that callers need; null for none.</param>
    /// <param name="workingDirectory">Its working folder.</param>
    public static async Task<Target> StartAsync(
        string[] command, IReadOnlyDictionary<string, string> environment, string? key, string workingDirectory)
    {
        var log = Path.GetTempFileName();
        var address = new IPEndPoint(IPAddress.Loopback, FreePort());
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >\"$0\" 2>&1", log, .. command]) { WorkingDirectory = workingDirectory };
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        start.Environment["ASPNETCORE_URLS"] = $"http://{address}";
        var startedAt = Stopwatch.GetTimestamp();
        var target = new Target(Process.Start(start)!, log, new Uri($"http://{address}"), startedAt, key);
        while (!await AcceptsAsync(address))
        {
            if (!target._process.HasExited && Stopwatch.GetElapsedTime(startedAt) < LongestStart) continue;
            var output = await File.ReadAllTextAsync(log);
            target.Dispose();
            throw new InvalidOperationException($"{string.Join(' ', command)} does not listen: {output}");
        }

        return target;
    }

    /// <summary>Asks the process to stop, as an orchestrator does, and kills it if it does not.</summary>
    public void Dispose()
    {
        if (!_process.HasExited) Signals.Send("TERM", _process.Id);
        if (!_process.WaitForExit(LongestStop)) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        foreach (var problem in File.ReadLines(_log).Where(IsProblem).Take(ProblemsShown)) Progress.Say($"log: {problem}");
        File.Delete(_log);
    }

    private static bool IsProblem(string line) =>
        line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal) || line.Contains("\"LogLevel\":\"Critical\"", StringComparison.Ordinal);

    private static async Task<bool> AcceptsAsync(IPEndPoint address)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address);
            return true;
        }
        catch (SocketException)
        {
            await Task.Delay(Poll, TimeProvider.System);
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // "dotnet run" starts the program itself. With "dotnet x.dll", the host must get the path again.
    private static string[] EntryPoint() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Target).Assembly.Location] : [];
}
