using AiGateway.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.Hosting;

/// <summary>The real gateway in this process: Kestrel on a free port, its own SQLite file, and a provider on a socket.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    public const string AdminKey = "the-first-administrators-key-of-this-test";
    public const string ProviderKey = "sk-the-gateways-own-key";
    public static readonly Guid AdminId = new("00000000-0000-7000-8000-000000000001");
    private readonly GatewayFactory _factory;

    private GatewayHost(GatewayFactory factory, ScriptedProvider provider, TempFolder folder, LogCapture logs)
    {
        (_factory, Provider, Folder, Logs) = (factory, provider, folder, logs);
        Admin = new GatewayClient(factory.Address, AdminKey);
    }

    public ScriptedProvider Provider { get; }

    public TempFolder Folder { get; }

    public LogCapture Logs { get; }

    public GatewayClient Admin { get; }

    public GatewayClient Anonymous => Admin.As(null);

    public IServiceProvider Services => _factory.Services;

    /// <summary>Starts a gateway outside Development, with one administrator and the prices of <see cref="TestPrices"/>.</summary>
    /// <param name="time">The clock of the gateway; null for the real one.</param>
    /// <param name="settings">Settings that differ from the defaults of the tests.</param>
    public static Task<GatewayHost> StartAsync(FakeTimeProvider? time = null, params (string Name, string Value)[] settings) =>
        StartChangedAsync(
            services =>
            {
                if (time is not null) services.AddSingleton<TimeProvider>(time);
            },
            settings);

    /// <param name="change">Changes the services that the product registered.</param>
    /// <param name="settings">Settings that differ from the defaults of the tests.</param>
    public static async Task<GatewayHost> StartChangedAsync(Action<IServiceCollection> change, params (string Name, string Value)[] settings)
    {
        var folder = new TempFolder();
        var provider = await ScriptedProvider.StartAsync(Answers.Completion());
        var logs = new LogCapture();
        var given = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OPENAI_API_KEY"] = ProviderKey,
            ["OPENAI_BASE_URL"] = $"{provider.Address}v1",
            ["OPENAI_MODEL"] = TestPrices.Model,
            ["AI_GATEWAY_BOOTSTRAP_KEY"] = AdminKey,
            ["AI_GATEWAY_PRICES"] = folder.Write("prices.json", TestPrices.Json),
            ["AI_GATEWAY_MAX_RETRIES"] = "0",

            // Tests count the requests that a provider gets.
            ["AI_GATEWAY_CHECK_INTERVAL"] = "0",
            ["AI_GATEWAY_RATE_LIMIT_PER_MINUTE"] = "100000",
            ["ConnectionStrings:Gateway"] = folder.ConnectionString,
        };
        foreach (var (name, value) in settings) given[name] = value;
        return new GatewayHost(GatewayFactory.Start(given, change, logs), provider, folder, logs);
    }

    public Task<TestUser> CreateUserAsync() => Admin.CreateUserAsync();

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        await _factory.DisposeAsync();
        Folder.Dispose();
    }
}
