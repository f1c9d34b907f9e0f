namespace AiGateway.Api.Door;

/// <summary>The first middleware: gives the request its id, before anything can fail or log.</summary>
internal sealed class RequestTicketMiddleware(RequestDelegate next, TimeProvider time, ILogger<RequestTicketMiddleware> logger)
{
    public const string HeaderName = "x-request-id";

    // The framework creates its own scope, with the connection's identifier, before any middleware runs.
    private static readonly Func<ILogger, Guid, IDisposable?> BeginScope = LoggerMessage.DefineScope<Guid>("RequestId:{RequestId}");

    public async Task InvokeAsync(HttpContext context)
    {
        var now = time.GetUtcNow();
        var ticket = new RequestTicket(Guid.CreateVersion7(now), now);
        context.Features.Set(ticket);
        context.TraceIdentifier = ticket.Id.ToString();
        context.Response.Headers[HeaderName] = context.TraceIdentifier;
        using (BeginScope(logger, ticket.Id)) await next(context);
    }
}
