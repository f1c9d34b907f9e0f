using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace AiGateway.Infrastructure.Telemetry;

/// <summary>
/// The metrics for Prometheus, on a port of their own. Callers of the gateway cannot reach it there, and it needs no key:
/// who may connect to the port is the operator's choice.
/// </summary>
internal sealed partial class MetricsPage(MeterProvider meters, TelemetrySettings settings, ILogger<MetricsPage> logger) : IHostedService, IAsyncDisposable
{
    private const string Path = "/metrics";
    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var address = settings.MetricsPage!;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address);
        });
        _app = builder.Build();
        _app.UseOpenTelemetryPrometheusScrapingEndpoint(meters, static context => context.Request.Path == Path, null, null, null);
        await _app.StartAsync(cancellationToken);
        Log.Listening(logger, address, Path);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The metrics page for Prometheus is at http://{Address}{Path}")]
        public static partial void Listening(ILogger logger, IPEndPoint address, string path);
    }
}
