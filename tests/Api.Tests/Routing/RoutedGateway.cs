using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Routing;

/// <summary>A gateway with several providers, each a real server, and routes to them from a configuration file.</summary>
internal sealed class RoutedGateway : IAsyncDisposable
{
    public const string ConfigurationName = "gateway.json";
    private static readonly string[] Names = ["alpha", "beta", "gamma"];

    private readonly TempFolder _folder;

    private RoutedGateway(GatewayHost host, ScriptedProvider[] providers, TempFolder folder) => (Host, Providers, _folder) = (host, providers, folder);

    public GatewayHost Host { get; }

    /// <summary>The providers <c>alpha</c>, <c>beta</c> and <c>gamma</c>.</summary>
    public IReadOnlyList<ScriptedProvider> Providers { get; }

    public ScriptedProvider Alpha => Providers[0];

    public ScriptedProvider Beta => Providers[1];

    /// <param name="models">The models with a price. Alpha costs 1 dollar a million input tokens and 2 a million output tokens, beta twice and gamma three times that.</param>
    /// <param name="routes">The routes, as in the configuration file.</param>
    /// <param name="settings">Settings that differ from the defaults of the tests.</param>
    public static async Task<RoutedGateway> StartAsync(IReadOnlyList<string> models, object[] routes, params (string Name, string Value)[] settings)
    {
        var providers = new ScriptedProvider[Names.Length];
        for (var i = 0; i < Names.Length; i++) providers[i] = await ScriptedProvider.StartAsync(Answers.Completion());
        var folder = new TempFolder();
        var file = folder.Write(ConfigurationName, Configuration(providers, routes, models));
        var prices = folder.Write("routed-prices.json", PricesOf(models));
        var host = await GatewayHost.StartAsync(
            null, [("AI_GATEWAY_CONFIG", file), ("AI_GATEWAY_PRICES", prices), ("OPENAI_API_KEY", ""), ("OPENAI_BASE_URL", ""), ("OPENAI_MODEL", "gpt-6-luna"), .. settings]);
        return new RoutedGateway(host, providers, folder);
    }

    /// <summary>Replaces the configuration file, as an operator would.</summary>
    public void Reconfigure(object[] routes) => Rewrite(Configuration([.. Providers], routes, []));

    /// <summary>Replaces the configuration file by any text.</summary>
    public void Rewrite(string content) => _folder.Write(ConfigurationName, content);

    /// <summary>A route named like its model, with one group for each provider.</summary>
    public static object Route(string model, params string[] providers) => Route(model, model, [], providers);

    /// <summary>A route with one group for each provider.</summary>
    public static object Route(string name, string model, string[] fallbackOn, params string[] providers) => new
    {
        model = name,
        groups = providers.Select(provider => new { targets = new[] { new { provider, model } } }).ToArray(),
        fallbackOn,
    };

    /// <summary>Sends a streamed reply of two chunks with usage.</summary>
    public static async Task StreamAsync(SeenRequest request, HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync("""data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hello!"},"finish_reason":null}]}""" + "\n\n");
        await http.Response.WriteAsync("""data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n");
        await http.Response.WriteAsync("""data: {"id":"c","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":3,"total_tokens":14}}""" + "\n\ndata: [DONE]\n\n");
    }

    /// <summary>Answers plain and streamed requests.</summary>
    public static Task AnswerAsync(SeenRequest request, HttpContext http) =>
        IsStreamed(request) ? StreamAsync(request, http) : Answers.Completion()(request, http);

    public static bool IsStreamed(SeenRequest request) => request.Body.Contains("\"stream\":true", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        foreach (var provider in Providers) await provider.DisposeAsync();
        _folder.Dispose();
    }

    // Alpha has a short time-out for models whose name contains "silence".
    private static string Configuration(ScriptedProvider[] providers, object[] routes, IReadOnlyList<string> models) => JsonSerializer.Serialize(new
    {
        Providers = providers.Select((provider, i) => new
        {
            name = Names[i],
            preset = "generic",
            baseUrl = $"{provider.Address}v1",
            apiKey = $"sk-key-of-{Names[i]}",
            models = i > 0 ? [] : models.Select(model => new { name = model, requestTimeout = model.Contains("silence", StringComparison.Ordinal) ? 500 : 30_000 }).ToArray(),
        }),
        Routes = routes,
    });

    private static string PricesOf(IReadOnlyList<string> models) => JsonSerializer.Serialize(new
    {
        models =
            from model in models
            from place in Enumerable.Range(1, Names.Length)
            select new
            {
                model,
                provider = Names[place - 1],
                contextWindow = 100_000,
                maxOutputTokens = 4000,
                tokenizer = "o200k_base",
                prices = new[] { new { effectiveFrom = "2020-01-01", inputUsdPerMillion = $"{place}", outputUsdPerMillion = $"{2 * place}" } },
            },
    });
}
