using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Sql.SqlServer;
using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Tests.Ledger;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiGateway.Infrastructure.Tests.SqlServer;

/// <summary>The ledger's connection to SQL Server as the server sees it, with the real driver and a stand-in for the server.</summary>
internal sealed class LedgerConnectionTests
{
    private static readonly LedgerSettings Settings = new();
    private TdsServer _server = null!;
    private LedgerSession _session = null!;

    [SetUp]
    public void Start()
    {
        _server = new TdsServer();
        var dialect = new SqlServerLedgerDialect(
            new DatabaseSettings { Kind = DatabaseKind.SqlServer, ConnectionString = _server.ConnectionString }, Settings);
        _session = new LedgerSession(dialect, new LedgerPosting(QuotaLimits.Unlimited, Settings, isShared: true), TimeProvider.System, NullLogger.Instance);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _session.Close();
        await _server.DisposeAsync();
    }

    /// <summary>A request is one hold and one settlement. Together they take five round trips.</summary>
    [TestCase(1)]
    [TestCase(200)]
    public void Batch_OfAnySize_TakesTheSameNumberOfRoundTrips(int size)
    {
        Write(NewWork(holds: 1, settlements: 0));

        Assert.That(Write(NewWork(holds: size, settlements: 0)), Is.EqualTo(2), "holds");
        Assert.That(Write(NewWork(holds: 0, settlements: size)), Is.EqualTo(3), "settlements");
        Assert.That(Write(NewWork(holds: size, settlements: size)), Is.EqualTo(3), "both");
        Assert.That(Write(new LedgerBatch { Sweep = true }), Is.EqualTo(2), "a sweep without expired leases takes two round trips");
    }

    [Test]
    public void Batch_WithRates_LocksAndSavesThemInTheSameRoundTrips()
    {
        var user = SampleHold.New().UserId;
        _server.Rated = user;
        Write(NewWorkOf(user, holds: 1));
        var work = NewWorkOf(user, holds: 7);

        Assert.That(Write(work), Is.EqualTo(2));
        Assert.That(work.Holds.Select(hold => hold.Decision.IsGranted), Is.EqualTo([true, true, true, true, true, false, false]), "half of 10 is left");
        Assert.That(work.Holds[^1].Decision.Refusal!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(6)));
    }

    [Test]
    public void Batch_WhenALockedCounterWasChanged_IsWrittenAgainAsAWhole()
    {
        Write(NewWork(holds: 1, settlements: 0));
        _server.Fail(SqlServerLedgerStatements.Finish, SqlServerLedgerStatements.CounterChanged);

        // The two transactions lock, fail, roll back, lock and write.
        Assert.That(Write(NewWork(holds: 3, settlements: 0)), Is.EqualTo(5));
    }

    [Test]
    public void Batch_WhenTheConnectionWasCutBefore_IsWrittenOnANewOne()
    {
        Write(NewWork(holds: 1, settlements: 0));
        _server.CutAll();

        Write(NewWork(holds: 1, settlements: 0));
        Assert.That(_server.Sessions, Is.EqualTo(2));
    }

    [Test]
    public void Batch_WhenTheConnectionIsCutAtTheCommit_IsNotWrittenTwice()
    {
        Write(NewWork(holds: 1, settlements: 0));
        _server.CutAt(SqlServerLedgerStatements.Finish);

        Assert.That(_session.Write(NewWork(holds: 1, settlements: 0)), Is.EqualTo(LedgerOutcome.Unknown));
        Assert.That(_server.Sessions, Is.EqualTo(1));
    }

    [TestCase("", 5)]
    [TestCase(";Connect Timeout=30", 30)]
    [TestCase(";Connection Timeout=2", 5)]
    [TestCase(";Connect Timeout=0", 0)]
    public void ConnectionString_OfTheLedger_TakesTheLargerConnectTimeout(string given, int seconds) =>
        Assert.That(ToLedgers("Server=sql" + given).ConnectTimeout, Is.EqualTo(seconds));

    [Test]
    public void ConnectionString_OfTheLedger_TurnsOffOptionsThatWouldRefuseEveryRequest()
    {
        var text = ToLedgers("Server=sql;MultipleActiveResultSets=True;Pooling=True;Command Timeout=600;Application Name=mine");

        Assert.That((text.MultipleActiveResultSets, text.Pooling, text.CommandTimeout), Is.EqualTo((false, false, 5)));
        Assert.That(text.ApplicationName, Is.EqualTo("mine"));
    }

    private static SqlConnectionStringBuilder ToLedgers(string given) => new(new SqlServerLedgerDialect(
        new DatabaseSettings { Kind = DatabaseKind.SqlServer, ConnectionString = given }, Settings).ConnectionString);

    /// <summary>The number of round trips of a batch.</summary>
    private int Write(LedgerBatch work)
    {
        var before = _server.RoundTrips;
        Assert.That(_session.Write(work), Is.EqualTo(LedgerOutcome.Written), () => $"{_session.Failure}");
        return _server.RoundTrips - before;
    }

    private static LedgerBatch NewWorkOf(Guid user, int holds)
    {
        var work = new LedgerBatch();
        for (var i = 0; i < holds; i++) work.Holds.Add(new HoldOperation(SampleHold.New() with { UserId = user }, queuedAt: 0));
        return work;
    }

    private static LedgerBatch NewWork(int holds, int settlements)
    {
        var work = new LedgerBatch();
        for (var i = 0; i < holds; i++) work.Holds.Add(new HoldOperation(SampleHold.New(), queuedAt: 0));
        for (var i = 0; i < settlements; i++)
            work.Settlements.Add(new SettleOperation(TestLedger.Settled(Guid.CreateVersion7(TestLedger.Noon), 0), queuedAt: 0));
        return work;
    }
}
