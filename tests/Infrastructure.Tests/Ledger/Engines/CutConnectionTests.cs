using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Sql.Postgres;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Tests.Ledger.Writer;
using Npgsql;

namespace AiGateway.Infrastructure.Tests.Ledger.Engines;

/// <summary>A connection that was cut while it was idle makes no request fail.</summary>
internal sealed class CutConnectionTests
{
    [Test]
    public async Task Hold_WhenTheServerEndedTheLedgersSession_IsGranted()
    {
        await using var testLedger = await TestLedger.OpenAsync(DatabaseKind.Postgres, new LedgerSettings { LongestIdle = TimeSpan.Zero });
        var user = await testLedger.AddUserAsync();
        var before = await testLedger.HoldAsync(user, 1);
        await EndAllSessionsAsync(testLedger.Database.Settings.ConnectionString);

        Assert.That(await testLedger.TryHoldAsync(user, 1), Is.Null);
        await EndAllSessionsAsync(testLedger.Database.Settings.ConnectionString);
        await testLedger.SettleAsync(before, cost: 1);

        Assert.That((await testLedger.UseAsync(user)).MonthSettledNanoUsd, Is.EqualTo(1));
        await testLedger.AssertBalancedAsync();
    }

    [Test]
    public async Task Batch_WhenItsConnectionWasCut_IsWrittenOnANewOne()
    {
        BreakableDialect breakable = null!;
        await using var testLedger = await TestLedger.OpenAsync(dialect: real => breakable = new BreakableDialect(real));
        var user = await testLedger.AddUserAsync();
        await testLedger.HoldAsync(user, 1);
        var cuts = 0;
        breakable.BeforeInsert = () =>
        {
            if (cuts++ == 0) throw new CutException();
        };

        Assert.That(await testLedger.TryHoldAsync(user, 1), Is.Null);
        Assert.That(cuts, Is.EqualTo(2));
        Assert.That((await testLedger.UseAsync(user)).MonthHeldNanoUsd, Is.EqualTo(2));
        await testLedger.AssertBalancedAsync();
    }

    [Test]
    public async Task Batch_WhenTheNewConnectionIsCutAsWell_IsUnavailable()
    {
        BreakableDialect breakable = null!;
        await using var testLedger = await TestLedger.OpenAsync(
            time: TimeProvider.System, dialect: real => breakable = new BreakableDialect(real));
        var user = await testLedger.AddUserAsync();
        await testLedger.HoldAsync(user, 1);
        var cuts = 0;
        breakable.BeforeInsert = () =>
        {
            cuts++;
            throw new CutException();
        };

        Assert.That(await TestLedger.CodeOfAsync(testLedger.TryHoldAsync(user, 1)), Is.EqualTo(ErrorCode.LedgerUnavailable));
        Assert.That(cuts, Is.EqualTo(2), "the batch is tried again once");
        await testLedger.AssertBalancedAsync();
    }

    [Test]
    public async Task Batch_WhenItsConnectionIsCutAtTheCommit_IsNotWrittenTwice()
    {
        BreakableDialect breakable = null!;
        await using var testLedger = await TestLedger.OpenAsync(
            time: TimeProvider.System, dialect: real => breakable = new BreakableDialect(real));
        var user = await testLedger.AddUserAsync();
        await testLedger.HoldAsync(user, 1);
        breakable.AfterCommit = () =>
        {
            breakable.AfterCommit = () => { };
            throw new CutException();
        };

        Assert.That(await TestLedger.CodeOfAsync(testLedger.TryHoldAsync(user, 1)), Is.EqualTo(ErrorCode.LedgerUnavailable));
        await testLedger.FlushAsync();
        Assert.That((await testLedger.UseAsync(user)).MonthHeldNanoUsd, Is.EqualTo(1), "the hold that may have been written was released");
        await testLedger.AssertBalancedAsync();
    }

    [TestCase("", 5)]
    [TestCase(";Timeout=30", 30)]
    [TestCase(";Timeout=2", 5)]
    public void ConnectionString_OfTheLedgerInPostgres_TakesTheLargerConnectTimeout(string given, int seconds)
    {
        var ledger = new PostgresLedgerDialect(
            new DatabaseSettings { Kind = DatabaseKind.Postgres, ConnectionString = "Host=db" + given }, new LedgerSettings());

        Assert.That(new NpgsqlConnectionStringBuilder(ledger.ConnectionString).Timeout, Is.EqualTo(seconds));
    }

    /// <summary>Ends all sessions, as a failover or an administrator does, and empties the connection pool.</summary>
    private static async Task EndAllSessionsAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=False");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
            connection);
        await command.ExecuteNonQueryAsync();
        NpgsqlConnection.ClearPool(new NpgsqlConnection(connectionString));
    }
}
