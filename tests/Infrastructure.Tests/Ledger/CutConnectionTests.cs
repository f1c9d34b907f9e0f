using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Sql.Postgres;
using AiGateway.Infrastructure.Persistence;
using Npgsql;

namespace AiGateway.Infrastructure.Tests.Ledger;

/// <summary>A connection that was cut while nobody used it costs nobody a request.</summary>
internal sealed class CutConnectionTests
{
    [Test]
    public async Task Hold_WhenTheServerEndedTheLedgersSession_IsGranted()
    {
        await using var books = await Books.OpenAsync(DatabaseKind.Postgres);
        var user = await books.AddUserAsync();
        var before = await books.HoldAsync(user, 1);
        await EndAllSessionsAsync(books.Database.Settings.ConnectionString);

        Assert.That(await books.TryHoldAsync(user, 1), Is.Null);
        await EndAllSessionsAsync(books.Database.Settings.ConnectionString);
        await books.SettleAsync(before, cost: 1);

        Assert.That((await books.UseAsync(user)).MonthSettledNanoUsd, Is.EqualTo(1));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Batch_WhenItsConnectionWasCut_IsWrittenOnANewOne()
    {
        BreakableDialect breakable = null!;
        await using var books = await Books.OpenAsync(dialect: real => breakable = new BreakableDialect(real));
        var user = await books.AddUserAsync();
        await books.HoldAsync(user, 1);
        var cuts = 0;
        breakable.BeforeInsert = () =>
        {
            if (cuts++ == 0) throw new CutException();
        };

        Assert.That(await books.TryHoldAsync(user, 1), Is.Null);
        Assert.That(cuts, Is.EqualTo(2));
        Assert.That((await books.UseAsync(user)).MonthHeldNanoUsd, Is.EqualTo(2));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Batch_WhenTheNewConnectionIsCutAsWell_IsUnavailable()
    {
        BreakableDialect breakable = null!;
        await using var books = await Books.OpenAsync(
            time: TimeProvider.System, dialect: real => breakable = new BreakableDialect(real));
        var user = await books.AddUserAsync();
        await books.HoldAsync(user, 1);
        var cuts = 0;
        breakable.BeforeInsert = () =>
        {
            cuts++;
            throw new CutException();
        };

        Assert.That(await Books.CodeOfAsync(books.TryHoldAsync(user, 1)), Is.EqualTo(ErrorCode.LedgerUnavailable));
        Assert.That(cuts, Is.EqualTo(2), "once, and once more");
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Batch_WhenItsConnectionIsCutAtTheCommit_IsNotWrittenTwice()
    {
        BreakableDialect breakable = null!;
        await using var books = await Books.OpenAsync(
            time: TimeProvider.System, dialect: real => breakable = new BreakableDialect(real));
        var user = await books.AddUserAsync();
        await books.HoldAsync(user, 1);
        breakable.AfterCommit = () =>
        {
            breakable.AfterCommit = () => { };
            throw new CutException();
        };

        Assert.That(await Books.CodeOfAsync(books.TryHoldAsync(user, 1)), Is.EqualTo(ErrorCode.LedgerUnavailable));
        await books.FlushAsync();
        Assert.That((await books.UseAsync(user)).MonthHeldNanoUsd, Is.EqualTo(1), "what may be written was given back");
        await books.AssertBalancedAsync();
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

    /// <summary>As a failover or an administrator does; the pool's connections are gone as well.</summary>
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
