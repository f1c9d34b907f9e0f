using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Deployment;

/// <summary>
/// The steps of docs/deploy.md with the parts of compose.yaml as processes of this machine: two gateways with PostgreSQL behind HAProxy are
/// deployed, replaced one after the other under load, and removed. No request fails, and the ledger has each of them once.
/// </summary>
internal sealed class RollingUpgradeTests
{
    private const int Lanes = 2;
    private const string Slow = "slow";
    private readonly GatewayProcess?[] _gateways = new GatewayProcess?[2];
    private readonly int[] _ports = [HaProxy.FreePort(), HaProxy.FreePort()];
    private readonly int[] _metricsPorts = [HaProxy.FreePort(), HaProxy.FreePort()];
    private PostgresServer? _server;
    private TempFolder _folder = null!;
    private ScriptedProvider _provider = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (!HaProxy.IsInstalled) Assert.Ignore("HAProxy is not installed (Debian: apt-get install haproxy).");
        _server = PostgresServer.TryStart();
        if (_server is null) Assert.Ignore("PostgreSQL is not installed.");
        await _server.CreateDatabaseAsync("deployed");
        (_folder, _provider) = (new TempFolder(), await ScriptedProvider.StartAsync(Answers.Completion()));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        foreach (var gateway in _gateways)
        {
            if (gateway is not null) await gateway.DisposeAsync();
        }

        if (_provider is not null) await _provider.DisposeAsync();
        _folder?.Dispose();
        _server?.Dispose();
    }

    [Test]
    public async Task Gateways_BehindTheProxy_AreReplacedUnderLoadWithoutAFailedRequest()
    {
        for (var i = 0; i < 2; i++) _gateways[i] = await ServeAsync(i);
        await using var proxy = new HaProxy(_ports);
        for (var gateway = 1; gateway <= 2; gateway++) await proxy.UpAsync(gateway);
        var caller = new GatewayClient(proxy.Address, GatewayHost.AdminKey);
        (await caller.GetAsync("/console/")).Expect(200);
        (await caller.As(null).GetAsync("/health/ready")).Expect(200);
        var release = new TaskCompletionSource();
        _provider.Answer = (request, http) => IsSlow(request)
            ? Answers.After(release.Task, Answers.Completion())(request, http)
            : Answers.Completion()(request, http);

        using var isReplaced = new CancellationTokenSource();
        var load = Enumerable.Range(0, Lanes).Select(_ => LoadAsync(caller, isReplaced.Token)).ToArray();
        for (var i = 0; i < 2; i++)
        {
            var underWay = Enumerable.Range(0, 4).Select(_ => caller.GenerateAsync(new { prompt = Slow })).ToArray();
            await Eventually.GetAsync(() => Task.FromResult(_provider.Seen.Count(IsSlow)), arrived => arrived == 4 * (i + 1));

            // As deploy/compose/upgrade.sh does.
            Assert.That(await proxy.AskAsync($"set server gateways/{i + 1} state drain"), Is.Empty.Or.EqualTo("\n"));
            _gateways[i]!.Terminate();
            await Eventually.GetAsync(() => Task.FromResult(_gateways[i]!.Output), output => output.Contains("shutting down", StringComparison.Ordinal));
            release.SetResult();
            foreach (var reply in await Task.WhenAll(underWay)) reply.Expect(200);
            Assert.That(await _gateways[i]!.ExitAsync(), Is.Zero);
            release = new TaskCompletionSource();
            await _gateways[i]!.DisposeAsync();

            _gateways[i] = await ServeAsync(i);
            await proxy.AskAsync($"set server gateways/{i + 1} state ready");
            await proxy.UpAsync(i + 1);
        }

        await isReplaced.CancelAsync();
        var requests = (await Task.WhenAll(load)).Sum() + 8;
        await AssertCountedOnceAsync(caller, requests);
        await AssertRemovedAsync(proxy);
    }

    [Test]
    public void Script_OfTheUpgrade_SendsTheCommandsOfThisTest()
    {
        var script = Repository.Read("deploy/compose/upgrade.sh");

        Assert.That(script, Does.Contain("set server gateways/$gateway state drain").And.Contain("set server gateways/$gateway state ready"));
        Assert.That(script, Does.Contain("""until ask "show stat" | grep -q "^gateways,$gateway,.*,UP,";"""));
    }

    private static bool IsSlow(SeenRequest request) => request.Body.Contains(Slow, StringComparison.Ordinal);

    private static async Task<int> LoadAsync(GatewayClient caller, CancellationToken isOver)
    {
        var requests = 0;
        for (; !isOver.IsCancellationRequested; requests++) (await caller.GenerateAsync()).Expect(200);
        return requests;
    }

    private async Task AssertCountedOnceAsync(GatewayClient caller, int requests)
    {
        var ledger = await Eventually.GetAsync(() => caller.VerifyAsync(), found => found.GetProperty("held").GetInt64() == 0);
        Assert.That(ledger.GetProperty("rows").GetInt64(), Is.EqualTo(requests));
        Assert.That(_provider.Seen, Has.Count.EqualTo(requests));
        using var http = new HttpClient();
        foreach (var port in _metricsPorts)
            Assert.That(await http.GetStringAsync($"http://127.0.0.1:{port}/metrics"), Does.Contain("aigateway_holds"));
    }

    private async Task AssertRemovedAsync(HaProxy proxy)
    {
        Assert.That(await proxy.StopAsync(), Is.Zero);
        foreach (var gateway in _gateways)
        {
            gateway!.Terminate();
            Assert.That(await gateway.ExitAsync(), Is.Zero);
        }
    }

    private Task<GatewayProcess> ServeAsync(int index) => GatewayProcess.ServeAsync(
        _folder.Path,
        ("ASPNETCORE_URLS", $"http://127.0.0.1:{_ports[index]}"),
        ("Database__Provider", "Postgres"),
        ("ConnectionStrings__Gateway", $"{_server!.ConnectionString("deployed")};Maximum Pool Size=20"),
        ("OPENAI_API_KEY", GatewayHost.ProviderKey),
        ("OPENAI_BASE_URL", $"{_provider.Address}v1"),
        ("OPENAI_MODEL", TestPrices.Model),
        ("AI_GATEWAY_PRICES", _folder.Write($"prices-{index}.json", TestPrices.Json)),
        ("AI_GATEWAY_BOOTSTRAP_KEY", GatewayHost.AdminKey),
        ("AI_GATEWAY_TRUSTED_PROXIES", "127.0.0.1"),
        ("AI_GATEWAY_METRICS_PORT", $"{_metricsPorts[index]}"),
        ("AI_GATEWAY_CHECK_INTERVAL", "0"),

        // No request may fail, however busy the machine is.
        ("AI_GATEWAY_LEDGER_TIMEOUT", "60000"),
        ("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "unlimited"),
        ("AI_QUOTA_DAILY_LIMIT", "unlimited"),
        ("AI_QUOTA_MONTHLY_LIMIT", "unlimited"),
        ("AI_QUOTA_MONTHLY_SPEND_LIMIT", "unlimited"));
}
