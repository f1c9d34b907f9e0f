using System.Globalization;
using AiGateway.Api.Door;
using AiGateway.Api.Limits;
using Microsoft.AspNetCore.Mvc.Filters;

namespace AiGateway.Api.OpenAi;

/// <summary>Adds the headers that OpenAI's SDKs look for, as the reply starts.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OpenAiHeadersAttribute : ActionFilterAttribute
{
    public override void OnActionExecuting(ActionExecutingContext context) =>
        context.HttpContext.Response.OnStarting(static state => Add((HttpContext)state), context.HttpContext);

    private static Task Add(HttpContext context)
    {
        var services = context.RequestServices;
        var elapsed = services.GetRequiredService<TimeProvider>().GetUtcNow() - context.Ticket().ReceivedAt;
        context.Response.Headers["openai-processing-ms"] = ((long)elapsed.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        services.GetRequiredService<CallerRateLimit>().Announce(context);
        return Task.CompletedTask;
    }
}
