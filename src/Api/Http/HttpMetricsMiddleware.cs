using System.Diagnostics;
using AiGateway.Application.Telemetry.Metrics;

namespace AiGateway.Api.Http;

/// <summary>Measures every HTTP request. While nobody listens to the metrics, it costs a check.</summary>
/// <param name="next">The next middleware.</param>
/// <param name="metrics">Keeps the measures.</param>
internal sealed class HttpMetricsMiddleware(RequestDelegate next, HttpMetrics metrics)
{
    public Task InvokeAsync(HttpContext context) => metrics.AreWanted ? MeasureAsync(context) : next(context);

    private async Task MeasureAsync(HttpContext context)
    {
        var begun = Stopwatch.GetTimestamp();
        metrics.Begun();
        try
        {
            await next(context);
        }
        finally
        {
            metrics.Ended(new HttpMeasures
            {
                Method = HttpFacts.MethodOf(context),
                Scheme = context.Request.IsHttps ? "https" : "http",
                Protocol = HttpFacts.ProtocolOf(context),
                Status = context.Response.StatusCode,
                Route = HttpFacts.RouteOf(context),
                Error = HttpFacts.ErrorOf(context),
                Duration = Stopwatch.GetElapsedTime(begun),
            });
        }
    }
}
