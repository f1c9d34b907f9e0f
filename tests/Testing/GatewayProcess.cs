using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AiGateway.Testing;

/// <summary>
/// The built program in a process of its own. Its environment has only what is given. Without another connection string, its ledger is
/// <c>gateway.db</c> in its folder.
/// </summary>
public sealed partial class GatewayProcess : IAsyncDisposable
{
    private const int MaxLinesKept = 20_000;

    // The bound only ends a test that would otherwise hang.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "AiGateway.Api.dll");
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(Process process) => _process = process;

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>The address on which the gateway listens.</summary>
    public Uri Address => _listening.Task.Result;

    /// <summary>The standard output so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>The standard error so far.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <summary>Starts the program and waits until it listens.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="environment">The settings.</param>
    public static Task<GatewayProcess> ServeAsync(string folder, params (string Name, string Value)[] environment) =>
        ServeAsync(folder, [], environment);

    /// <summary>Starts the program by a command that replaces itself with the program.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="wrapper">The command, such as one that limits the resources of the program.</param>
    /// <param name="environment">The settings.</param>
    public static Task<GatewayProcess> ServeAsync(string folder, string[] wrapper, params (string Name, string Value)[] environment) =>
        ListeningAsync(Start(folder, [.. wrapper, "dotnet", Program], environment));

    /// <summary>Starts another copy of the program, such as a published one, and waits until it listens.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="command">The whole command line.</param>
    /// <param name="environment">The settings.</param>
    public static Task<GatewayProcess> ServeCopyAsync(string folder, string[] command, params (string Name, string Value)[] environment) =>
        ListeningAsync(Start(folder, command, environment));

    /// <summary>Runs the program to its end.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">The settings.</param>
    /// <returns>The exit code, the standard output and the standard error.</returns>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        await using var gateway = Start(folder, ["dotnet", Program, .. arguments], environment);
        await gateway._process.WaitForExitAsync().WaitAsync(Bound);
        return (gateway._process.ExitCode, gateway.Output, gateway.Errors);
    }

    /// <summary>Kills the process without a warning, as a power failure would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Bound);
    }

    /// <summary>Asks the process to stop, as an orchestrator does.</summary>
    public void Terminate() => Signals.Send("TERM", _process.Id);

    /// <summary>Waits until the process has ended, and returns its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Bound);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private static async Task<GatewayProcess> ListeningAsync(GatewayProcess gateway)
    {
        var ended = gateway._process.WaitForExitAsync();
        await Task.WhenAny(gateway._listening.Task, ended).WaitAsync(Bound);
        return gateway._listening.Task.IsCompleted
            ? gateway
            : throw new InvalidOperationException($"The gateway ended: {gateway.Errors} {gateway.Output}");
    }

    private static GatewayProcess Start(string folder, string[] command, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToArray()) start.Environment.Remove(name);
        start.Environment["ASPNETCORE_CONTENTROOT"] = AppContext.BaseDirectory;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ConnectionStrings__Gateway"] = $"Data Source={Path.Combine(folder, "gateway.db")}";
        foreach (var (name, value) in environment) start.Environment[name] = value;

        var gateway = new GatewayProcess(new Process { StartInfo = start });
        gateway._process.OutputDataReceived += (_, line) => gateway.Read(line.Data);
        gateway._process.ErrorDataReceived += (_, line) => Keep(gateway._errors, line.Data ?? "");
        gateway._process.Start();
        gateway._process.BeginOutputReadLine();
        gateway._process.BeginErrorReadLine();
        return gateway;
    }

    // The variables that configure the .NET runtime are kept, such as its location.
    private static bool IsOurs(string name) =>
        name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name.StartsWith("OPENAI_", StringComparison.Ordinal)
        || name.StartsWith("AZURE_", StringComparison.Ordinal) || name.StartsWith("AI_", StringComparison.Ordinal)
        || name.StartsWith("OTEL_", StringComparison.Ordinal)
        || name.Contains("__", StringComparison.Ordinal) || name is "DOTNET_ENVIRONMENT" or "DOTNET_URLS";

    private static void Keep(ConcurrentQueue<string> lines, string line)
    {
        lines.Enqueue(line);
        if (lines.Count > MaxLinesKept) lines.TryDequeue(out _);
    }

    private void Read(string? line)
    {
        if (line is null) return;
        Keep(_output, line);
        if (Listening().Match(line) is { Success: true } found) _listening.TrySetResult(new Uri(found.Groups[1].Value));
    }

    [GeneratedRegex(@"Now listening on: (http://[^\s""]+)")]
    private static partial Regex Listening();
}
