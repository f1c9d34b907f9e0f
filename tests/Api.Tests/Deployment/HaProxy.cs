using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Deployment;

/// <summary>The proxy of compose.yaml, with its own configuration file, in front of two gateways.</summary>
internal sealed class HaProxy : IAsyncDisposable
{
    private const string Program = "/usr/sbin/haproxy";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly int _adminPort = FreePort();
    private readonly Process _process;

    /// <summary>Starts the proxy.</summary>
    /// <param name="gateways">The ports of the two gateways.</param>
    public HaProxy(params int[] gateways)
    {
        var port = FreePort();
        Address = new Uri($"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo(Program, ["-db", "-f", Path.Combine(Repository.Root, "deploy/compose/haproxy.cfg")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LISTEN"] = $"127.0.0.1:{port}";
        start.Environment["GATEWAY_1"] = $"127.0.0.1:{gateways[0]}";
        start.Environment["GATEWAY_2"] = $"127.0.0.1:{gateways[1]}";
        start.Environment["ADMIN_PORT"] = $"{_adminPort}";
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Whether the proxy is installed on this machine.</summary>
    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Where clients connect to.</summary>
    public Uri Address { get; }

    /// <summary>A port of this machine that no program listens at.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Sends a command of the operator and returns the answer.</summary>
    public async Task<string> AskAsync(string command)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, _adminPort);
        await using var stream = connection.GetStream();
        await using var writer = new StreamWriter(stream) { AutoFlush = true };
        await writer.WriteAsync($"{command}\n");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync().WaitAsync(Bound);
    }

    /// <summary>Waits until the proxy has seen that a gateway is ready.</summary>
    /// <param name="gateway">1 or 2.</param>
    public Task UpAsync(int gateway) => Eventually.GetAsync(
        async () =>
        {
            try
            {
                return await AskAsync("show stat");
            }
            catch (SocketException)
            {
                return "the proxy does not listen yet";
            }
        },
        state => state.Split('\n').Any(line =>
            line.StartsWith($"gateways,{gateway},", StringComparison.Ordinal) && line.Contains(",UP,", StringComparison.Ordinal)
            && line.Contains(",L7OK,", StringComparison.Ordinal)));

    /// <summary>Asks the proxy to finish the requests under way and to stop, as compose.yaml does; returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (var signal = Process.Start("kill", ["-USR1", $"{_process.Id}"])) await signal.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(Bound);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Bound);
        _process.Dispose();
    }
}
