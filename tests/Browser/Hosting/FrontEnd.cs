using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiGateway.Browser.Tests.Hosting;

/// <summary>A web server with one page and its own origin.</summary>
internal sealed class FrontEnd : IAsyncDisposable
{
    private readonly WebApplication _app;
    private string _html = "";

    private FrontEnd(WebApplication app) => _app = app;

    public string Origin => _app.Urls.Single();

    public static async Task<FrontEnd> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var frontEnd = new FrontEnd(app);
        app.Run(context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync(frontEnd._html);
        });
        await app.StartAsync();
        return frontEnd;
    }

    /// <summary>Puts a script onto the page. Relative addresses of the script are those of the gateway.</summary>
    public void Serve(string script, Uri gateway, string key) => _html = $"""
        <!doctype html>
        <title>A front end</title>
        <link rel="icon" href="data:,">
        <base href="{gateway}">
        <pre id="output"></pre>
        <p id="cost"></p>
        <script type="module">
        const key = "{key}";
        {script}
        </script>
        """;

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
