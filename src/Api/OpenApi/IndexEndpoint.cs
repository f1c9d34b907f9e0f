using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.OpenApi;

/// <summary>The root address: a browser goes on to Swagger UI, a program learns where everything is.</summary>
internal static class IndexEndpoint
{
    private const string Html = "text/html";
    private static readonly string Version = typeof(Program).Assembly.GetName().Version!.ToString(fieldCount: 3);

    public static void MapIndex(this WebApplication app, bool hasDocs)
    {
        var index = new IndexResponse(
            "AiGateway",
            Version,
            "/api/v1/ai/health",
            hasDocs ? OpenApiDocs.DocumentPath : null,
            hasDocs ? OpenApiDocs.SwaggerUiPath : null,
            new ApisResponse("/api/v1", "/v1"));
        app.MapGet("/", (HttpContext context) => Answer(context, index))
            .AllowAnonymous()
            .WithTags("Health")
            .WithSummary("Where everything is.")
            .WithDescription("A browser (Accept: text/html) is redirected to Swagger UI where that is served.")
            .Produces<IndexResponse>()
            .Produces(StatusCodes.Status302Found);
    }

    private static IResult Answer(HttpContext context, IndexResponse index)
    {
        context.Response.Headers.Vary = StringValues.Concat(context.Response.Headers.Vary, HeaderNames.Accept);
        return index.Documentation is { } page && IsBrowser(context.Request) ? Results.Redirect(page) : Results.Ok(index);
    }

    private static bool IsBrowser(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(type => type.MediaType.Equals(Html, StringComparison.OrdinalIgnoreCase));
}
