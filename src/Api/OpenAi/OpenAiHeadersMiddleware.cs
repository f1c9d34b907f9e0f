using System.Globalization;
using AiGateway.Api.Errors;
using AiGateway.Api.Http;
using AiGateway.Api.RateLimiting;

namespace AiGateway.Api.OpenAi;

/// <summary>Adds the headers that OpenAI's SDKs read, when a reply of the OpenAI-compatible API starts.</summary>
internal sealed class OpenAiHeadersMiddleware(RequestDelegate next, TimeProvider time, CallerRateLimit limit)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (ErrorFormatAttribute.Of(context) == ErrorFormat.OpenAi) context.Response.OnStarting(Add, context);
        return next(context);
    }

    private Task Add(object state)
    {
        var context = (HttpContext)state;
        var elapsed = time.GetUtcNow() - context.Identity().ReceivedAt;
        context.Response.Headers["openai-processing-ms"] = ((long)elapsed.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        limit.Announce(context);
        return Task.CompletedTask;
    }
}
