using System.Text;

namespace AiGateway.Api.Http;

/// <summary>
/// Removes names of headers that no header can have from a browser's preflight request. The reply repeats the names, and the
/// server cannot write them.
/// </summary>
internal sealed class PreflightMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsOptions(request.Method) && !Ascii.IsValid(request.Headers.AccessControlRequestHeaders.ToString()))
            request.Headers.Remove("Access-Control-Request-Headers");
        return next(context);
    }
}
