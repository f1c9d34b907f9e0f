using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Deployment;

/// <summary>
/// The program of the first schema and this one share a database. The first one writes data, this one upgrades the schema, both
/// serve, and the first one can come back. No request fails, and the ledger has each of them once.
/// </summary>
internal sealed class FirstVersionTests
{
    private const int Lanes = 2;
    private const string Key = "a-key-that-the-operator-has-chosen-12345";

    private static readonly (string, string)[] Settings =
    [
        ("ASPNETCORE_ENVIRONMENT", "Development"), ("AI_GATEWAY_BOOTSTRAP_KEY", Key), ("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "1000000"),
        ("AI_QUOTA_DAILY_LIMIT", "unlimited"), ("AI_QUOTA_MONTHLY_LIMIT", "unlimited"), ("AI_QUOTA_MONTHLY_SPEND_LIMIT", "unlimited"),

        // No request may fail, however busy the machine is.
        ("AI_GATEWAY_LEDGER_TIMEOUT", "60000"),
    ];

    private FirstVersion? _first;
    private TempFolder _folder = null!;

    [OneTimeSetUp]
    public async Task BuildAsync()
    {
        _first = await FirstVersion.TryBuildAsync();
        if (_first is null) Assert.Ignore("The commit of the first version is not in this clone (git fetch --unshallow).");
    }

    [OneTimeTearDown]
    public void Remove() => _first?.Dispose();

    [SetUp]
    public void Start() => _folder = new TempFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [Test]
    public async Task Versions_OnOnePostgresDatabase_ServeTogetherWhileTheSchemaIsUpgraded()
    {
        if (PostgresServer.Instance.Value is not { } server) throw new IgnoreException("PostgreSQL is not installed on this machine.");
        await server.CreateDatabaseAsync("two_versions");
        (string, string)[] settings =
            [.. Settings, ("Database__Provider", "Postgres"), ("ConnectionStrings__Gateway", $"{server.ConnectionString("two_versions")};Maximum Pool Size=20")];
        await using var first = await _first!.ServeAsync(_folder.Path, settings);
        using var isOver = new CancellationTokenSource();
        var load = LoadAsync(first, isOver.Token);

        await using var next = await GatewayProcess.ServeAsync(_folder.Path, settings);
        var nextLoad = LoadAsync(next, isOver.Token);
        var admitted = await SpendAsync(next, first, limit: 30);
        await isOver.CancelAsync();
        var requests = await load + await nextLoad + admitted;
        first.Terminate();
        Assert.That(await first.ExitAsync(), Is.Zero, first.Errors);

        Assert.That(admitted, Is.EqualTo(30), "a limit is a hard cap across versions");
        var ledger = await Eventually.GetAsync(() => next.Caller(Key).VerifyAsync(), found => found.GetProperty("held").GetInt64() == 0);
        Assert.That(ledger.GetProperty("rows").GetInt64(), Is.EqualTo(requests));
    }

    [Test]
    public async Task Versions_OnOneSqliteFile_FollowEachOtherInBothDirections()
    {
        for (var turn = 1; turn <= 2; turn++)
        {
            await ServeSomeAsync(await _first!.ServeAsync(_folder.Path, Settings));
            await ServeSomeAsync(await GatewayProcess.ServeAsync(_folder.Path, Settings));
            var (exitCode, output, errors) = await GatewayProcess.RunAsync(_folder.Path, ["verify"], Settings);
            Assert.That(exitCode, Is.Zero, output + errors);
            Assert.That(output, Does.StartWith($"{turn * 10} usage records, 0 held, 0 differences."));
        }
    }

    private static async Task ServeSomeAsync(GatewayProcess gateway)
    {
        await using (gateway)
        {
            for (var i = 0; i < 5; i++) (await gateway.Caller(Key).GenerateAsync()).Expect(200);
            gateway.Terminate();
            Assert.That(await gateway.ExitAsync(), Is.Zero, gateway.Errors);
        }
    }

    private static async Task<int> LoadAsync(GatewayProcess gateway, CancellationToken isOver)
    {
        return (await Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => LaneAsync()))).Sum();

        async Task<int> LaneAsync()
        {
            var requests = 0;
            for (; !isOver.IsCancellationRequested; requests++) (await gateway.Caller(Key).GenerateAsync()).Expect(200);
            return requests;
        }
    }

    /// <summary>Sends more requests of one user to two gateways at once than the user may make.</summary>
    /// <returns>How many were admitted.</returns>
    private static async Task<int> SpendAsync(GatewayProcess one, GatewayProcess other, int limit)
    {
        var admin = one.Caller(Key);
        var user = await admin.CreateUserAsync();
        await admin.SetQuotaAsync(user.Id, daily: limit);
        var replies = await Task.WhenAll(
            Enumerable.Range(0, limit).SelectMany(_ => new[] { one, other }).Select(each => each.Caller(user.Caller.Credentials).GenerateAsync()));
        foreach (var reply in replies.Where(reply => reply.Status != 200)) reply.Expect(429, "quota_exceeded");
        return replies.Count(reply => reply.Status == 200);
    }
}
