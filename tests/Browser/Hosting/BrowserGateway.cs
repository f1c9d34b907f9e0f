using System.Net.Http.Headers;
using System.Net.Http.Json;
using AiGateway.StandIn;
using AiGateway.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Browser.Tests.Hosting;

/// <summary>A stand-in for a provider, the real gateway in front of it, and two front ends. The gateway allows the origin of one of them.</summary>
internal sealed class BrowserGateway : IAsyncDisposable
{
    public const string Key = "the-first-administrators-key-of-this-suite";
    private const string ProviderKey = "sk-the-gateways-own-key";

    private const string Prices = """
        {"models": [
          {"model": "gpt-browser", "provider": "openai", "contextWindow": 100000, "maxOutputTokens": 10000,
           "prices": [{"effectiveFrom": "2026-01-01", "inputUsdPerMillion": "123.456789", "outputUsdPerMillion": "987.654321", "source": "test"}]}
        ]}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("browser-");
    private readonly HttpClient _http = new();
    private GatewayFactory _gateway = null!;

    private BrowserGateway() { }

    public StandInServer StandIn { get; private set; } = null!;

    /// <summary>The stand-in's clock. It moves only when a test advances it.</summary>
    public FakeTimeProvider ProviderTime { get; } = new();

    public FrontEnd Allowed { get; private set; } = null!;

    public FrontEnd Stranger { get; private set; } = null!;

    public Uri Gateway => _gateway.Address;

    /// <summary>The file of the ledger.</summary>
    public string Database => Path.Combine(_folder.FullName, "gateway.db");

    /// <param name="more">Settings besides those of every test.</param>
    public static async Task<BrowserGateway> StartAsync(params (string Name, string Value)[] more)
    {
        var stage = new BrowserGateway();
        stage.StandIn = await StandInServer.StartAsync(new StandInOptions { ApiKey = ProviderKey, Time = stage.ProviderTime });
        stage.Allowed = await FrontEnd.StartAsync();
        stage.Stranger = await FrontEnd.StartAsync();
        var prices = Path.Combine(stage._folder.FullName, "prices.json");
        await File.WriteAllTextAsync(prices, Prices);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OPENAI_API_KEY"] = ProviderKey,
            ["OPENAI_BASE_URL"] = stage.StandIn.BaseUrl.AbsoluteUri,
            ["OPENAI_MODEL"] = "gpt-browser",
            ["AI_GATEWAY_BOOTSTRAP_KEY"] = Key,
            ["AI_GATEWAY_CORS_ORIGINS"] = stage.Allowed.Origin,
            ["AI_GATEWAY_MAX_RETRIES"] = "0",

            // Tests count the requests that a provider gets.
            ["AI_GATEWAY_CHECK_INTERVAL"] = "0",
            ["AI_GATEWAY_PRICES"] = prices,
            ["ConnectionStrings:Gateway"] = $"Data Source={stage.Database}",
        };
        foreach (var (name, value) in more) settings[name] = value;
        stage._gateway = GatewayFactory.Start(settings);
        stage._http.BaseAddress = stage.Gateway;
        stage._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return stage;
    }

    /// <summary>The usage records, once none is held.</summary>
    public async Task<IReadOnlyList<UsageRow>> SettledRowsAsync()
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            var rows = (await _http.GetFromJsonAsync<UsagePage>(new Uri("api/v1/ai/usage?limit=200", UriKind.Relative)))!.Items;
            if (rows.All(row => row.Status != "held")) return rows;
            Assert.That(TimeProvider.System.GetUtcNow(), Is.LessThan(deadline), "no usage record is held any more");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Allowed.DisposeAsync();
        await Stranger.DisposeAsync();
        await StandIn.DisposeAsync();
        await _gateway.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private sealed record UsagePage(IReadOnlyList<UsageRow> Items);
}

/// <summary>A usage record.</summary>
internal sealed record UsageRow(Guid Id, string Status, bool Streamed, decimal CostUsd, string? ErrorCode);
