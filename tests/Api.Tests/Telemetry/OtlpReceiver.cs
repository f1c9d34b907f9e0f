using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Telemetry;

/// <summary>A receiver of OpenTelemetry's protocol (protobuf over HTTP) on a socket of this machine.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _requests = new();

    private OtlpReceiver(WebApplication app) => _app = app;

    public IReadOnlyList<SeenSpan> Spans => [.. Bodies("/v1/traces").SelectMany(OtlpMessages.Spans)];

    public IReadOnlyList<SeenLog> Logs => [.. Bodies("/v1/logs").SelectMany(OtlpMessages.Logs)];

    public IReadOnlyList<SeenMetric> Metrics => [.. Bodies("/v1/metrics").SelectMany(OtlpMessages.Metrics)];

    /// <summary>The attributes of the sender of traces.</summary>
    public IReadOnlyDictionary<string, string> Resource => OtlpMessages.Resource(Bodies("/v1/traces").First());

    /// <summary>Everything that was received, each byte as one character.</summary>
    public string Everything => string.Concat(_requests.Select(request => Encoding.Latin1.GetString(request.Body)));

    /// <summary>The settings of a gateway that sends everything here, soon, and every trace.</summary>
    public (string Name, string Value)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", _app.Urls.Single()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_TRACES_SAMPLER", "always_on"),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "100"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
    ];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _requests.Enqueue((context.Request.Path, body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
    }

    private IEnumerable<byte[]> Bodies(string path) => _requests.Where(request => request.Path == path).Select(request => request.Body);
}
