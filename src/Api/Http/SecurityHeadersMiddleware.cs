using Microsoft.Extensions.Primitives;

namespace AiGateway.Api.Http;

/// <summary>
/// Tells browsers to use every reply only as its stated type, never in a frame, and to run nothing except Swagger UI and the
/// console.
/// </summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next)
{
    private static readonly PathString Swagger = "/swagger";
    private static readonly PathString Console = "/console";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues Nothing = "default-src 'none'; frame-ancestors 'none'";

    // Swagger UI styles its elements in place and draws small images from data addresses.
    private static readonly StringValues SwaggerUi =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly StringValues ConsolePage =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = NoSniff;
        headers.ContentSecurityPolicy = PolicyOf(context.Request.Path);
        if (context.Request.Path.StartsWithSegments(Console)) headers["Referrer-Policy"] = "no-referrer";
        return next(context);
    }

    private static StringValues PolicyOf(PathString path)
    {
        if (path.StartsWithSegments(Swagger)) return SwaggerUi;
        return path.StartsWithSegments(Console) ? ConsolePage : Nothing;
    }
}
