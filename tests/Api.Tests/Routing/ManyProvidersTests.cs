using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Routing;

/// <summary>
/// OpenAI, Azure, OpenRouter, Mistral, a local server and an unreachable one, all in one configuration file as in docs/providers.md. Each
/// is a real server on a socket.
/// </summary>
internal sealed class ManyProvidersTests
{
    private static readonly string[] Names = ["openai", "azure", "openrouter", "mistral", "llamacpp"];

    private readonly Dictionary<string, ScriptedProvider> _servers = [];
    private readonly TempFolder _folder = new();
    private GatewayHost _gateway = null!;

    private string _configuration = "";
    private string _prices = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        foreach (var name in Names) _servers[name] = await ScriptedProvider.StartAsync(RoutedGateway.AnswerAsync);
        var key = _folder.Write("azure-key", "sk-azure\n");
        _configuration = _folder.Write("gateway.json", JsonSerializer.Serialize(new
        {
            Providers = new object[]
            {
                new { name = "openai", preset = "openai", baseUrl = At("openai", "v1"), apiKey = "sk-openai", organization = "org-1", project = "proj-1" },
                new { name = "azure", preset = "azure", baseUrl = At("azure", ""), apiKey = $"file:{key}", models = new[] { new { name = "gpt-6-luna", upstream = "our-luna" } } },
                new { name = "openrouter", preset = "openrouter", baseUrl = At("openrouter", "api/v1"), apiKey = "sk-router", pricedAs = "openai" },
                new { name = "mistral", preset = "mistral", baseUrl = At("mistral", "v1"), apiKey = "sk-mistral" },
                new { name = "local", preset = "llamacpp", baseUrl = At("llamacpp", "v1"), models = new[] { new { name = "tiny", upstream = "tiny-llama" } } },
                new { name = "dead", preset = "generic", baseUrl = "http://127.0.0.1:1/v1", pricedAs = "openai" },
            },
            Routes = new object[]
            {
                Route("at-openai", "openai", "gpt-6-luna"), Route("at-azure", "azure", "gpt-6-luna"), Route("at-openrouter", "openrouter", "gpt-6-luna"),
                Route("at-mistral", "mistral", "mistral-large-2512"), Route("at-local", "local", "tiny"),
                new { model = "fast", groups = new[] { Group("dead", "gpt-6-luna"), Group("openai", "gpt-6-luna") } },
            },
        }));
        _prices = _folder.Write("local-prices.json", """
            {"models": [{"model": "tiny", "provider": "local", "contextWindow": 8000, "maxOutputTokens": 1000,
              "prices": [{"effectiveFrom": "2020-01-01", "inputUsdPerMillion": "0", "outputUsdPerMillion": "0", "free": true}]}]}
            """);
        _gateway = await StartGatewayAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        foreach (var server in _servers.Values) await server.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase("openai", "openai", "gpt-6-luna", "/v1/chat/completions", "authorization", "Bearer sk-openai")]
    [TestCase("azure", "azure", "our-luna", "/openai/v1/chat/completions", "api-key", "sk-azure")]
    [TestCase("openrouter", "openrouter", "gpt-6-luna", "/api/v1/chat/completions", "authorization", "Bearer sk-router")]
    [TestCase("mistral", "mistral", "mistral-large-2512", "/v1/chat/completions", "authorization", "Bearer sk-mistral")]
    [TestCase("local", "llamacpp", "tiny-llama", "/v1/chat/completions", "authorization", "Bearer none")]
    public async Task Request_ForEachProvider_ReachesItWithItsNameKeyAndForm(string provider, string server, string upstream, string path, string header, string key)
    {
        _servers[server].Reset(RoutedGateway.AnswerAsync);
        var user = await _gateway.CreateUserAsync();

        (await user.Caller.PostAsync("/v1/chat/completions", new
        {
            model = $"at-{provider}",
            store = false,
            max_completion_tokens = 5,
            stream = true,
            messages = new[] { new { role = "user", content = "Hi" } },
        })).Expect(200);

        var seen = _servers[server].Seen.Single();
        Assert.Multiple(() =>
        {
            Assert.That(seen.Target, Is.EqualTo(path));
            Assert.That(seen.Headers[header], Is.EqualTo(key));
            Assert.That(seen.Headers.GetValueOrDefault("openai-project"), Is.EqualTo(provider == "openai" ? "proj-1" : null));
            Assert.That(seen.Body, Does.Contain($"\"model\":\"{upstream}\""));
            Assert.That(seen.Body.Contains("\"store\"", StringComparison.Ordinal), Is.EqualTo(provider != "mistral"));
            Assert.That(seen.Body.Contains("stream_options", StringComparison.Ordinal), Is.EqualTo(provider != "mistral"));
            Assert.That(seen.Body.Contains("\"max_tokens\":5", StringComparison.Ordinal), Is.EqualTo(provider is not ("openai" or "azure" or "openrouter")));
        });
        var row = await Eventually.GetAsync(async () => (await user.Caller.UsageAsync()).Single(), each => each.GetProperty("status").GetString() == "settled");
        Assert.That((row.GetProperty("provider").GetString(), row.GetProperty("usageSource").GetString()), Is.EqualTo((provider, "provider")));
        await _gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task UnreachableServer_IsAvoidedWithoutAFailureForTheCaller()
    {
        var user = await _gateway.CreateUserAsync();

        for (var i = 0; i < 3; i++) (await user.Caller.GenerateAsync()).Expect(200);

        var rows = await Eventually.GetAsync(() => user.Caller.UsageAsync(), each => each.All(row => row.GetProperty("status").GetString() == "settled"));
        Assert.That(rows.Select(row => row.GetProperty("provider").GetString()), Is.All.EqualTo("openai"));
        Assert.That(rows.Count(row => row.TryGetProperty("attempts", out var attempts) && attempts.ValueKind == JsonValueKind.Array && attempts.GetArrayLength() > 1), Is.EqualTo(1), "only the first request tried it");
        var listed = (await _gateway.Admin.GetAsync("/api/v1/admin/providers")).Expect(200).Json.GetProperty("items").EnumerateArray();
        Assert.That(listed.Single(each => each.GetProperty("name").GetString() == "dead").GetProperty("cooling").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task DeadServer_WhenChecksFindIt_IsNotEvenTriedOnce()
    {
        await using var gateway = await StartGatewayAsync(("AI_GATEWAY_CHECK_INTERVAL", "15000"));
        await Eventually.GetAsync(
            async () => (await gateway.Admin.GetAsync("/api/v1/admin/providers/changes")).Expect(200).Json.GetProperty("items").EnumerateArray().ToList(),
            changes => changes.Exists(change => change.GetProperty("provider").GetString() == "dead" && change.GetProperty("status").GetString() == "unhealthy"));
        var user = await gateway.CreateUserAsync();

        (await user.Caller.GenerateAsync()).Expect(200);

        var row = await Eventually.GetAsync(async () => (await user.Caller.UsageAsync()).Single(), each => each.GetProperty("status").GetString() == "settled");
        Assert.That(row.GetProperty("provider").GetString(), Is.EqualTo("openai"));
        Assert.That(row.GetProperty("attempts").GetArrayLength(), Is.LessThan(2), "no attempt at the dead server came before");
    }

    private Task<GatewayHost> StartGatewayAsync(params (string Name, string Value)[] settings) => GatewayHost.StartAsync(
        null,
        [
            ("AI_GATEWAY_CONFIG", _configuration), ("AI_GATEWAY_PRICES", _prices), ("OPENAI_API_KEY", ""), ("OPENAI_BASE_URL", ""),
            ("OPENAI_MODEL", "fast"), ("AI_GATEWAY_MAX_RETRIES", "2"), .. settings,
        ]);

    private static object Route(string name, string provider, string model) => new { model = name, groups = new[] { Group(provider, model) } };

    private static object Group(string provider, string model) => new { targets = new[] { new { provider, model } } };

    private string At(string server, string path) => $"{_servers[server].Address}{path}".TrimEnd('/');
}
