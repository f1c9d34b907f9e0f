using System.Diagnostics;
using AiGateway.Application.Telemetry.Metrics;

namespace AiGateway.Api.Http;

/// <summary>Measures every HTTP request. It runs only while metrics are wanted.</summary>
/// <param name="next">The next middleware.</param>
/// <param name="metrics">Keeps the measures.</param>
internal sealed class HttpMetricsMiddleware(RequestDelegate next, HttpMetrics metrics)
{
    public async Task InvokeAsync(HttpContext context)
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
