using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Telemetry;

/// <summary>
/// A gateway in a process of its own, with two providers of one model. Telemetry belongs to a process: in this one it would
/// measure the gateways of other tests.
/// </summary>
internal sealed class TracedGateway : IAsyncDisposable
{
    private readonly GatewayProcess _process;
    private readonly TempFolder _folder;

    private TracedGateway(GatewayProcess process, TempFolder folder, ScriptedProvider first, ScriptedProvider second)
    {
        (_process, _folder, First, Second) = (process, folder, first, second);
        Admin = process.Caller(GatewayHost.AdminKey);
    }

    /// <summary>The provider that is tried first.</summary>
    public ScriptedProvider First { get; }

    public ScriptedProvider Second { get; }

    public GatewayClient Admin { get; }

    /// <summary>The lines on standard output so far.</summary>
    public string Output => _process.Output;

    /// <param name="members">Further members of each provider, such as <c>"sendsTraceparent": true,</c>.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<TracedGateway> StartAsync(string members, params (string Name, string Value)[] settings)
    {
        var folder = new TempFolder();
        var first = await ScriptedProvider.StartAsync(Answers.Completion());
        var second = await ScriptedProvider.StartAsync(Answers.Completion());
        var process = await GatewayProcess.ServeAsync(
            folder.Path,
            [
                ("AI_GATEWAY_CONFIG", folder.Write("gateway.json", $$"""{"Providers": [{{Provider("first", first, members)}}, {{Provider("second", second, members)}}]}""")),
                ("OPENAI_MODEL", TestPrices.Model),
                ("AI_GATEWAY_PRICES", folder.Write("prices.json", TestPrices.Json)),
                ("AI_GATEWAY_BOOTSTRAP_KEY", GatewayHost.AdminKey),
                ("AI_GATEWAY_MAX_RETRIES", "0"),
                ("AI_GATEWAY_CHECK_INTERVAL", "0"),
                .. settings,
            ]);
        return new TracedGateway(process, folder, first, second);
    }

    /// <summary>Whether a span is that of a call to a model, which holds its attempts.</summary>
    public static bool IsCall(SeenSpan span) => span.Name.StartsWith("chat ", StringComparison.Ordinal);

    /// <summary>Answers with a stream of three chunks of text.</summary>
    public static async Task StreamAsync(SeenRequest request, HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var word in new[] { "Hel", "lo", "!" })
            await http.Response.WriteAsync($$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"{{{TestPrices.Model}}}","choices":[{"index":0,"delta":{"content":"{{{word}}}"},"finish_reason":null}]}""" + "\n\n");
        await http.Response.WriteAsync(
            $$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"{{{TestPrices.Model}}}","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":3,"total_tokens":14}}""" + "\n\ndata: [DONE]\n\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await First.DisposeAsync();
        await Second.DisposeAsync();
        _folder.Dispose();
    }

    private static string Provider(string name, ScriptedProvider provider, string members) => $$"""
        {"name": "{{name}}", "preset": "generic", "baseUrl": "{{provider.Address}}v1", {{members}} "pricedAs": ["openai"], "models": [{"name": "{{TestPrices.Model}}"}]}
        """;
}
