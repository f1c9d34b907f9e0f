using AiGateway.Servers;
using AiGateway.Trials.Checks;

namespace AiGateway.Trials.Tests;

/// <summary>The short form of the trial by fire; the long form is <c>dotnet run -c Release --project benchmarks/Trials</c>.</summary>
internal sealed class ShortFormTests
{
    private PostgresServer? _server;

    private PostgresServer Server => _server ?? throw new IgnoreException("PostgreSQL's programs are not installed here.");

    [OneTimeSetUp]
    public void StartServer() => _server = PostgresServer.TryStart();

    [OneTimeTearDown]
    public void StopServer() => _server?.Dispose();

    [Test]
    public Task Replicas_UnderOneWorkload_ActAsOne() => AssertCleanAsync(Programme.ReplicasAsync(Server, TimeSpan.Zero), trials: 5);

    [Test]
    public Task Postgres_WhenGatewaysAreKilledUnderLoad_HasEveryForwardedRequestOnce() =>
        AssertCleanAsync(Programme.CrashOnPostgresAsync(Server, TimeSpan.Zero), trials: 1);

    [Test]
    public Task Sqlite_WhenTheGatewayIsKilledUnderLoad_HasEveryForwardedRequestOnce() =>
        AssertCleanAsync(Programme.CrashOnSqliteAsync(TimeSpan.Zero), trials: 1);

    [Test]
    public Task Gateways_WhenAskedToStopUnderLoad_FinishWhatTheyTook() =>
        AssertCleanAsync(Programme.StopAsync(Server, TimeSpan.Zero), trials: 1);

    [Test]
    public Task Gateways_WhenTheDatabaseIsAway_RefuseInTimeAndRecover() =>
        AssertCleanAsync(Programme.LostDatabaseAsync(Server, TimeSpan.Zero), trials: 1);

    private static async Task AssertCleanAsync(IAsyncEnumerable<Verdict> verdicts, int trials)
    {
        var count = 0;
        await foreach (var verdict in verdicts)
        {
            count++;
            await TestContext.Out.WriteLineAsync($"{verdict.Trial}: {verdict.Load}; {verdict.Faults}");
            Assert.That(verdict.Problems, Is.Empty, verdict.Trial);
        }

        Assert.That(count, Is.EqualTo(trials));
    }
}
