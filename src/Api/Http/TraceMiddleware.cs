using System.Diagnostics;
using AiGateway.Application.Telemetry;
using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.Http;

/// <summary>
/// Makes the span of an HTTP request whose trace is kept. It runs only while traces are sent. The framework's own span is not
/// used: it is created for every request, kept or not, and each later step then costs more.
/// </summary>
/// <param name="next">The next middleware.</param>
/// <param name="callerTrace">What a caller's trace does.</param>
/// <param name="rate">How many traces are kept; null: the operator chose a sampler.</param>
internal sealed class TraceMiddleware(RequestDelegate next, CallerTrace callerTrace, TraceRate? rate = null)
{
    public Task InvokeAsync(HttpContext context)
    {
        var trusted = callerTrace == CallerTrace.Trusted ? CallerOf(context.Request.Headers) : default;

        // The framework has a span of its own when its log of requests is on. It is not sent, so it is no parent.
        Activity.Current = null;
        if (trusted == default && rate?.TryTake() == false) return next(context);
        var span = GatewaySpans.Source.StartActivity(HttpFacts.MethodOf(context), ActivityKind.Server, trusted);
        if (span is { IsAllDataRequested: true }) return RunTracedAsync(span, context);

        // A trusted trace goes on, though nothing of it is kept here.
        if (trusted == default) span?.Stop();
        return next(context);
    }

    private async Task RunTracedAsync(Activity span, HttpContext context)
    {
        using var ended = span;
        if (callerTrace == CallerTrace.Link && CallerOf(context.Request.Headers) is var caller && caller != default)
            span.AddLink(new ActivityLink(caller));
        DescribeRequest(span, context);
        await next(context);
        DescribeReply(span, context);
    }

    private static void DescribeRequest(Activity span, HttpContext context)
    {
        var request = context.Request;
        span.SetTag(TelemetryNames.RequestId, context.TraceIdentifier)
            .SetTag(HttpNames.Method, HttpFacts.MethodOf(context))
            .SetTag(HttpNames.Scheme, request.Scheme)
            .SetTag(HttpNames.Path, (request.PathBase + request.Path).Value)
            .SetTag(HttpNames.ServerAddress, request.Host.Host)
            .SetTag(HttpNames.ServerPort, request.Host.Port)
            .SetTag(HttpNames.Protocol, HttpFacts.ProtocolOf(context));
        if (request.Headers.UserAgent is [{ } agent, ..]) span.SetTag(HttpNames.UserAgent, agent);
    }

    private static void DescribeReply(Activity span, HttpContext context)
    {
        span.SetTag(HttpNames.Status, context.Response.StatusCode);
        if (HttpFacts.ErrorOf(context) is { } error) span.SetTag(HttpNames.ErrorType, error).SetStatus(ActivityStatusCode.Error);
        if (HttpFacts.RouteOf(context) is not { } route) return;
        span.SetTag(HttpNames.Route, route);
        span.DisplayName = $"{HttpFacts.MethodOf(context)} /{route.TrimStart('/')}";
    }

    private static ActivityContext CallerOf(IHeaderDictionary headers) =>
        ActivityContext.TryParse(headers[HeaderNames.TraceParent], headers[HeaderNames.TraceState], isRemote: true, out var caller) ? caller : default;
}
