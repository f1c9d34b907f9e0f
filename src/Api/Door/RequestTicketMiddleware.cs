namespace AiGateway.Api.Door;

/// <summary>First in line: gives the request its ticket, before anything can fail or log.</summary>
internal sealed class RequestTicketMiddleware(RequestDelegate next, TimeProvider time)
{
    public const string HeaderName = "x-request-id";

    public Task InvokeAsync(HttpContext context)
    {
        var now = time.GetUtcNow();
        var ticket = new RequestTicket(Guid.CreateVersion7(now), now);
        context.Features.Set(ticket);
        context.TraceIdentifier = ticket.Id.ToString();
        context.Response.Headers[HeaderName] = context.TraceIdentifier;
        return next(context);
    }
}
