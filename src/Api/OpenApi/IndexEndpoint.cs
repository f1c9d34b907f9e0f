using AiGateway.Api.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.OpenApi;

/// <summary>The root address: a browser goes on to the console, a program learns where everything is.</summary>
internal static class IndexEndpoint
{
    private const string Html = "text/html";

    public static void MapIndex(this WebApplication app, bool hasConsole, bool hasDocs)
    {
        var index = new IndexResponse(
            "AiGateway",
            ProductVersion.Text,
            "/api/v1/ai/health",
            hasDocs ? OpenApiDocs.DocumentPath : null,
            hasDocs ? OpenApiDocs.SwaggerUiPath : null,
            new ApisResponse("/api/v1", "/v1", "/"));
        var page = hasConsole ? ConsoleFiles.Address : index.Documentation;
        app.MapGet("/", (HttpContext context) => Answer(context, index, page))
            .AllowAnonymous()
            .WithTags("Health")
            .WithSummary("Where everything is.")
            .WithDescription("A browser (Accept: text/html) is redirected to the console, or to Swagger UI where only that is served.")
            .Produces<IndexResponse>()
            .Produces(StatusCodes.Status302Found);

        // Claude Code asks at one of them whether the gateway is there.
        foreach (var probe in (string[])["/", "/api/hello"])
            app.MapMethods(probe, [HttpMethods.Head], () => Results.Ok()).AllowAnonymous().ExcludeFromDescription();
    }

    private static IResult Answer(HttpContext context, IndexResponse index, string? page)
    {
        context.Response.Headers.Vary = StringValues.Concat(context.Response.Headers.Vary, HeaderNames.Accept);
        return page is not null && IsBrowser(context.Request) ? Results.Redirect(page) : Results.Ok(index);
    }

    private static bool IsBrowser(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(type => type.MediaType.Equals(Html, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Where everything is; addresses are relative to the root of the gateway.</summary>
/// <param name="Name">The product, <c>AiGateway</c>.</param>
/// <param name="Version">Its version.</param>
/// <param name="Health">The state of the gateway.</param>
/// <param name="OpenApi">The OpenAPI document; null when <c>AI_GATEWAY_DOCS</c> is false.</param>
/// <param name="Documentation">Swagger UI; null when <c>AI_GATEWAY_DOCS</c> is false.</param>
/// <param name="Apis">The APIs.</param>
public sealed record IndexResponse(string Name, string Version, string Health, string? OpenApi, string? Documentation, ApisResponse Apis);

/// <summary>The prefix of each API.</summary>
/// <param name="Native">The gateway's own API.</param>
/// <param name="OpenAiCompatible">The API for clients of OpenAI: their base URL ends in this.</param>
/// <param name="AnthropicCompatible">The API for clients of Anthropic: their base URL, to which they add <c>v1/messages</c>.</param>
public sealed record ApisResponse(string Native, string OpenAiCompatible, string AnthropicCompatible);
