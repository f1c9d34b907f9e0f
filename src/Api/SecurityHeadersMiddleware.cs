using Microsoft.Extensions.Primitives;

namespace AiGateway.Api;

/// <summary>
/// Tells browsers to use every reply only as its stated type, never in a frame, and to run nothing except Swagger UI.
/// </summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next)
{
    private static readonly PathString Swagger = "/swagger";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues Nothing = "default-src 'none'; frame-ancestors 'none'";

    // Swagger UI styles its elements in place and draws small images from data addresses.
    private static readonly StringValues SwaggerUi =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = NoSniff;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(Swagger) ? SwaggerUi : Nothing;
        return next(context);
    }
}
