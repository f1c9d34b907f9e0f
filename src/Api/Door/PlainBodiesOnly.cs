using AiGateway.Domain;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.Door;

/// <summary>Refuses compressed bodies, which would otherwise be read as if they were plain.</summary>
internal sealed class PlainBodiesOnly : IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        if (context.HttpContext.Request.Headers.ContainsKey(HeaderNames.ContentEncoding))
            throw new AiGatewayException(ErrorCode.UnsupportedMediaType, "The body must be application/json, not compressed.");
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
