using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Telemetry;

/// <summary>A real Prometheus on a free port of this machine, which scrapes one gateway.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly HttpClient Http = new();
    private readonly Process _process;
    private readonly TempFolder _folder;
    private readonly Uri _address;

    private PrometheusServer(Process process, TempFolder folder, Uri address) => (_process, _folder, _address) = (process, folder, address);

    /// <summary>Whether the program is installed.</summary>
    public static bool IsInstalled => Program is not null;

    private static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, "prometheus")).FirstOrDefault(File.Exists);

    /// <summary>A port that nothing listens on now.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <param name="target">The port of the metrics page.</param>
    /// <param name="rules">The file with the rules.</param>
    public static async Task<PrometheusServer> StartAsync(int target, string rules)
    {
        var (folder, port) = (new TempFolder(), FreePort());
        var configuration = folder.Write("prometheus.yml", $"""
            global: {"{"}scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms{"}"}
            rule_files: ["{rules}"]
            scrape_configs: [{"{"}job_name: aigateway, static_configs: [{"{"}targets: ["127.0.0.1:{target}"]{"}"}]{"}"}]
            """);
        var start = new ProcessStartInfo(Program!, [$"--config.file={configuration}", $"--storage.tsdb.path={folder.File("data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, line) => TestContext.Progress.WriteLine(line.Data);
        process.BeginErrorReadLine();
        var server = new PrometheusServer(process, folder, new Uri($"http://127.0.0.1:{port}"));
        await Eventually.GetAsync(server.IsReadyAsync, ready => ready);
        return server;
    }

    /// <summary>The number of time series that a query returns with a value now.</summary>
    public async Task<int> CountAsync(string query)
    {
        using var found = JsonDocument.Parse(await Http.GetStringAsync(new Uri(_address, $"api/v1/query?query={Uri.EscapeDataString(query)}")));
        return found.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Count(series => series.GetProperty("value")[1].GetString() != "NaN");
    }

    /// <summary>The names of the rules that are loaded and healthy.</summary>
    public async Task<IReadOnlyList<string>> HealthyRulesAsync()
    {
        using var found = JsonDocument.Parse(await Http.GetStringAsync(new Uri(_address, "api/v1/rules")));
        return
        [
            .. found.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
                .SelectMany(group => group.GetProperty("rules").EnumerateArray())
                .Where(rule => rule.GetProperty("health").GetString() == "ok")
                .Select(rule => rule.GetProperty("name").GetString()!),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        if (_process.HasExited) throw new InvalidOperationException($"Prometheus ended with exit code {_process.ExitCode}.");
        try
        {
            using var answer = await Http.GetAsync(new Uri(_address, "-/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
