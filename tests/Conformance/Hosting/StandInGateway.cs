using AiGateway.StandIn;
using AiGateway.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Conformance.Tests.Hosting;

/// <summary>The stand-in, and the real gateway in front of it: Kestrel on a free port, with its own SQLite file.</summary>
internal sealed class StandInGateway : IAsyncDisposable
{
    public const string AdminKey = "the-first-administrators-key-of-this-suite";
    private const string ProviderKey = "sk-the-gateways-own-key";

    private readonly GatewayFactory _gateway;
    private readonly DirectoryInfo _folder;

    private StandInGateway(StandInServer standIn, GatewayFactory gateway, DirectoryInfo folder)
    {
        (StandIn, _gateway, _folder) = (standIn, gateway, folder);
        Ledger = new TestLedger(gateway.Address, AdminKey);
    }

    public StandInServer StandIn { get; }

    public TestLedger Ledger { get; }

    /// <summary>The address and key with which a client calls the gateway.</summary>
    public ApiTarget Gateway => new(new Uri(_gateway.Address, "/v1"), AdminKey);

    /// <summary>The address and key with which a client calls the stand-in itself.</summary>
    public ApiTarget Direct => new(StandIn.BaseUrl, ProviderKey);

    public string DatabaseFile => Path.Combine(_folder.FullName, "gateway.db");

    public static Task<StandInGateway> StartAsync(params (string Name, string Value)[] settings) => StartAsync(_ => { }, settings);

    /// <param name="replace">Replaces parts of the gateway.</param>
    /// <param name="settings">Settings that differ.</param>
    public static Task<StandInGateway> StartAsync(Action<IServiceCollection> replace, params (string Name, string Value)[] settings) =>
        StartWithAsync(replace, _ => settings);

    /// <param name="replace">Replaces parts of the gateway.</param>
    /// <param name="settings">Settings that differ; they may name the address of the stand-in.</param>
    public static async Task<StandInGateway> StartWithAsync(
        Action<IServiceCollection> replace, Func<StandInServer, IReadOnlyList<(string Name, string Value)>> settings)
    {
        var folder = Directory.CreateTempSubdirectory("conformance-");
        var prices = Path.Combine(folder.FullName, "prices.json");
        await File.WriteAllTextAsync(prices, TestPrices.Json);
        var standIn = await StandInServer.StartAsync(new StandInOptions { ApiKey = ProviderKey });
        var given = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OPENAI_API_KEY"] = ProviderKey,
            ["OPENAI_BASE_URL"] = standIn.BaseUrl.AbsoluteUri,
            ["OPENAI_MODEL"] = TestPrices.Plain,
            ["AI_GATEWAY_BOOTSTRAP_KEY"] = AdminKey,
            ["AI_GATEWAY_PRICES"] = prices,
            ["AI_GATEWAY_MAX_RETRIES"] = "0",

            // Tests count the requests that a provider gets.
            ["AI_GATEWAY_CHECK_INTERVAL"] = "0",
            ["AI_GATEWAY_RATE_LIMIT_PER_MINUTE"] = "1000000",
            ["AI_QUOTA_DAILY_LIMIT"] = "unlimited",
            ["AI_QUOTA_MONTHLY_LIMIT"] = "unlimited",
            ["AI_QUOTA_MONTHLY_SPEND_LIMIT"] = "unlimited",
            ["ConnectionStrings:Gateway"] = $"Data Source={Path.Combine(folder.FullName, "gateway.db")}",
        };
        foreach (var (name, value) in settings(standIn)) given[name] = value;
        return new StandInGateway(standIn, GatewayFactory.Start(given, replace), folder);
    }

    public async ValueTask DisposeAsync()
    {
        Ledger.Dispose();
        await StandIn.DisposeAsync();
        await _gateway.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}

/// <summary>The two settings that an app changes to use the gateway.</summary>
internal sealed record ApiTarget(Uri BaseUrl, string Key);
