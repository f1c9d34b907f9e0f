using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AiGateway.SideBySide;

/// <summary>A process under load, with its address and its cost.</summary>
internal sealed partial class Target : IDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);
    private readonly Process _process;

    private Target(string name, Process process, Uri address, TimeSpan startUp, string? key)
    {
        (Name, _process, Address, StartUp, Key) = (name, process, address, startUp, key);
    }

    public string Name { get; }

    public Uri Address { get; }

    /// <summary>The time from the start of the process until it listens.</summary>
    public TimeSpan StartUp { get; }

    /// <summary>The key that callers need; null for none.</summary>
    public string? Key { get; set; }

    /// <summary>The user and kernel time of the process so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public double MemoryMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    /// <summary>Starts this program in another role.</summary>
    public static Task<Target> StartRoleAsync(string name, string[] role, IReadOnlyDictionary<string, string>? environment = null) => StartAsync(
        name, [Environment.ProcessPath!, .. EntryPoint(), .. role], environment ?? new Dictionary<string, string>(), null, AppContext.BaseDirectory);

    public static async Task<Target> StartAsync(
        string name, string[] command, IReadOnlyDictionary<string, string> environment, string? key, string workingDirectory)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = workingDirectory,
        };
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        var startedAt = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(LongestStart);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (Listening().Match(line) is not { Success: true } match) continue;
            _ = process.StandardOutput.ReadToEndAsync();
            return new Target(name, process, new Uri(match.Value), Stopwatch.GetElapsedTime(startedAt), key);
        }

        throw new InvalidOperationException($"{name} ended with exit code {process.ExitCode} before it listened.");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    // "dotnet run" starts the program itself. With "dotnet x.dll", the host must get the path again.
    private static string[] EntryPoint() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Target).Assembly.Location] : [];

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Listening();
}
