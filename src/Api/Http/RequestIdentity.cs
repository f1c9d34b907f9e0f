using Microsoft.AspNetCore.Http.Features;

namespace AiGateway.Api.Http;

/// <summary>The id and the arrival time of a request.</summary>
/// <param name="Id">UUIDv7; also <c>x-request-id</c>, the trace identifier of log lines, and the key of the usage record.</param>
/// <param name="ReceivedAt">The arrival time, which selects prices and periods.</param>
internal sealed record RequestIdentity(Guid Id, DateTimeOffset ReceivedAt);

/// <summary>The identity of a request.</summary>
internal static class HttpContextIdentity
{
    /// <summary>The request's id and arrival time.</summary>
    public static RequestIdentity Identity(this HttpContext context) => context.Features.GetRequiredFeature<RequestIdentity>();
}

/// <summary>The first middleware: gives the request its id, before anything can fail or log.</summary>
internal sealed class RequestIdentityMiddleware(RequestDelegate next, TimeProvider time, ILogger<RequestIdentityMiddleware> logger)
{
    public const string HeaderName = "x-request-id";

    // The framework creates its own scope, with the connection's identifier, before any middleware runs.
    private static readonly Func<ILogger, Guid, IDisposable?> BeginScope = LoggerMessage.DefineScope<Guid>("RequestId:{RequestId}");

    public async Task InvokeAsync(HttpContext context)
    {
        var now = time.GetUtcNow();
        var identity = new RequestIdentity(Guid.CreateVersion7(now), now);
        context.Features.Set(identity);
        context.TraceIdentifier = identity.Id.ToString();
        context.Response.Headers[HeaderName] = context.TraceIdentifier;
        using (BeginScope(logger, identity.Id)) await next(context);
    }
}
