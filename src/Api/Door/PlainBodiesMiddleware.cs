using AiGateway.Domain;
using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.Door;

/// <summary>Refuses compressed bodies, which would otherwise be read as if they were plain.</summary>
internal sealed class PlainBodiesMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) => context.Request.Headers.ContainsKey(HeaderNames.ContentEncoding)
        ? throw new AiGatewayException(ErrorCode.UnsupportedMediaType, "The body must be application/json, not compressed.")
        : next(context);
}
