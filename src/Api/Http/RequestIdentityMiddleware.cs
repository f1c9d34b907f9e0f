namespace AiGateway.Api.Http;

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
