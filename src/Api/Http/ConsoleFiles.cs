using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace AiGateway.Api.Http;

/// <summary>Serves the console, a static application, at <c>/console/</c>.</summary>
internal static class ConsoleFiles
{
    /// <summary>The address of the console.</summary>
    public const string Address = "/console/";

    private static readonly PathString Root = "/console";
    private static readonly PathString Page = "/console/index.html";

    // A file of another kind is not served.
    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".ico"] = "image/x-icon",
        [".woff2"] = "font/woff2",
        [".txt"] = "text/plain; charset=utf-8",
    };

    public static void UseConsoleFiles(this WebApplication app)
    {
        var files = new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(Path.Combine(app.Environment.ContentRootPath, "Console", "wwwroot")),
            RequestPath = Root,
            ContentTypeProvider = new FileExtensionContentTypeProvider(ContentTypes),
            OnPrepareResponse = static response => response.Context.Response.Headers[HeaderNames.CacheControl] = "no-cache",
        };

        // A branch, because the middleware would be one more asynchronous step of every request.
        app.UseWhen(static context => context.Request.Path.StartsWithSegments(Root), branch => branch.Use(FindPage).UseStaticFiles(files));
    }

    private static RequestDelegate FindPage(RequestDelegate next) => context =>
    {
        var request = context.Request;
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (isRead && request.Path == Root)
        {
            context.Response.Redirect(Address);
            return Task.CompletedTask;
        }

        if (isRead && request.Path == Address) request.Path = Page;
        return next(context);
    };
}
