using System.Diagnostics;
using AiGateway.Application.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace AiGateway.Api.Http;

/// <summary>
/// Completes the framework's span of a request: its id, its route, its status, and the link to the caller's trace. It runs
/// only while traces are sent.
/// </summary>
/// <param name="next">The next middleware.</param>
/// <param name="links">Whether a caller's trace is linked.</param>
internal sealed class TraceMiddleware(RequestDelegate next, bool links)
{
    private const string Traceparent = "traceparent";
    private const int ServerErrors = 5;

    public Task InvokeAsync(HttpContext context) =>
        context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span ? DescribeAsync(span, context) : next(context);

    private async Task DescribeAsync(Activity span, HttpContext context)
    {
        span.SetTag(TelemetryNames.RequestId, context.TraceIdentifier);
        if (links && ActivityContext.TryParse(context.Request.Headers[Traceparent], null, isRemote: true, out var caller))
            span.AddLink(new ActivityLink(caller));

        await next(context);
        var status = context.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        if (status / 100 == ServerErrors) span.SetStatus(ActivityStatusCode.Error);

        // The address itself would be a name for each id in it.
        var route = context.GetEndpoint()?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route;
        span.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} /{route.TrimStart('/')}";
        if (route is not null) span.SetTag("http.route", route);
    }
}
