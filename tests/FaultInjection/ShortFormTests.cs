using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;
using AiGateway.Testing;

namespace AiGateway.FaultInjection.Tests;

/// <summary>The short form of the suite. The long form is <c>dotnet run -c Release --project benchmarks/FaultInjection</c>.</summary>
internal sealed class ShortFormTests
{
    private PostgresServer? _server;

    private PostgresServer Server => _server ?? throw new IgnoreException("PostgreSQL is not installed on this machine.");

    [OneTimeSetUp]
    public void StartServer() => _server = PostgresServer.TryStart();

    [OneTimeTearDown]
    public void StopServer() => _server?.Dispose();

    [Test]
    public Task Replicas_UnderOneWorkload_ActLikeOneGateway() => AssertCleanAsync(Suite.ReplicasAsync(Server, TimeSpan.Zero), scenarios: 6);

    [Test]
    public Task Postgres_WhenGatewaysAreKilledUnderLoad_HasEveryForwardedRequestOnce() =>
        AssertCleanAsync(Suite.CrashOnPostgresAsync(Server, TimeSpan.Zero), scenarios: 1);

    [Test]
    public Task Sqlite_WhenTheGatewayIsKilledUnderLoad_HasEveryForwardedRequestOnce() =>
        AssertCleanAsync(Suite.CrashOnSqliteAsync(TimeSpan.Zero), scenarios: 1);

    [Test]
    public Task SqlServer_WhenGatewaysAreKilledUnderLoad_HasEveryForwardedRequestOnce()
    {
        if (Environment.GetEnvironmentVariable(SqlServerDatabase.Variable) is not { Length: > 0 })
            Assert.Ignore($"{SqlServerDatabase.Variable} holds no connection string.");
        return AssertCleanAsync(Suite.CrashOnSqlServerAsync(TimeSpan.Zero), scenarios: 1);
    }

    [Test]
    public Task Gateways_WhenAskedToStopUnderLoad_FinishAcceptedRequests() =>
        AssertCleanAsync(Suite.StopAsync(Server, TimeSpan.Zero), scenarios: 1);

    [Test]
    public Task Gateways_WhenTheDatabaseIsOutOfReach_RefuseInTimeAndRecover() =>
        AssertCleanAsync(Suite.LostDatabaseAsync(Server, TimeSpan.Zero), scenarios: 1);

    [Test]
    public Task Gateways_WhenKilledWhileBudgetsReachAThreshold_SendEachAlertOnce() =>
        AssertCleanAsync(Suite.AlertsAsync(Server, TimeSpan.Zero), scenarios: 1);

    private static async Task AssertCleanAsync(IAsyncEnumerable<Verdict> verdicts, int scenarios)
    {
        var count = 0;
        await foreach (var verdict in verdicts)
        {
            count++;
            await TestContext.Out.WriteLineAsync($"{verdict.Scenario}: {verdict.Load}; {verdict.Faults}");
            Assert.That(verdict.Problems, Is.Empty, verdict.Scenario);
        }

        Assert.That(count, Is.EqualTo(scenarios));
    }
}
