using System.Diagnostics;
using AiGateway.Application.Telemetry;
using Microsoft.AspNetCore.Http.Features;

namespace AiGateway.Api.Http;

/// <summary>Puts the request's id on its span, and the link to the caller's trace. It runs only while traces are sent.</summary>
/// <param name="next">The next middleware.</param>
/// <param name="links">Whether a caller's trace is linked.</param>
internal sealed class TraceMiddleware(RequestDelegate next, bool links)
{
    private const string Traceparent = "traceparent";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span)
        {
            span.SetTag(TelemetryNames.RequestId, context.TraceIdentifier);
            if (links && ActivityContext.TryParse(context.Request.Headers[Traceparent], null, isRemote: true, out var caller))
                span.AddLink(new ActivityLink(caller));
        }

        return next(context);
    }
}
