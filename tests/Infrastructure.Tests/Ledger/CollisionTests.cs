using AiGateway.Application.Quotas;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using Npgsql;

namespace AiGateway.Infrastructure.Tests.Ledger;

/// <summary>Who loses to another writer is not refused: the whole batch is written again.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class CollisionTests(DatabaseKind kind)
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Batch_WhenItCollides_IsWrittenAgainAsAWhole(bool atCommit)
    {
        BreakableDialect breakable = null!;
        await using var books = await Books.OpenAsync(kind, started: false, dialect: real => breakable = new BreakableDialect(real));
        var user = await books.AddUserAsync(new QuotaLimits(3, null, null));
        var (begun, collisions) = (0, 0);
        breakable.BeforeBegin = () => begun++;
        if (atCommit) breakable.BeforeCommit = Collide;
        else breakable.BeforeInsert = Collide;
        var holds = Enumerable.Range(0, 5).Select(_ => books.TryHoldAsync(user, 10)).ToList();
        await books.StartAsync();

        var refusals = await Task.WhenAll(holds);

        Assert.That(refusals.Count(refusal => refusal is null), Is.EqualTo(3));
        Assert.That(begun, Is.EqualTo(3), "two that collided and one that was written, all with the same five holds");
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(3, 3, 0, 30)));
        await books.AssertBalancedAsync();

        void Collide()
        {
            if (++collisions <= 2) throw new CollisionException();
        }
    }

    [Test]
    public async Task Batch_WhenItCollidesForEver_IsUnavailableInTheEnd()
    {
        BreakableDialect breakable = null!;
        await using var books = await Books.OpenAsync(
            kind, time: TimeProvider.System, dialect: real => breakable = new BreakableDialect(real));
        var user = await books.AddUserAsync();
        await books.CatchUpAsync();
        var begun = 0;
        breakable.BeforeBegin = () => begun++;
        breakable.BeforeInsert = () => throw new CollisionException();

        Assert.That(await Books.CodeOfAsync(books.TryHoldAsync(user)), Is.EqualTo(ErrorCode.LedgerUnavailable));
        Assert.That(begun, Is.EqualTo(LedgerSession.MostTries));
        breakable.BeforeInsert = () => { };
        Assert.That(await books.TryHoldAsync(user), Is.Null);
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Batch_WhenPostgresMakesItADeadlocksVictim_IsWrittenAllTheSame()
    {
        if (kind != DatabaseKind.Postgres) Assert.Ignore("A deadlock is staged with PostgreSQL's own locks.");
        BreakableDialect breakable = null!;
        await using var books = await Books.OpenAsync(
            kind, new LedgerSettings { CommitTimeout = TimeSpan.FromMinutes(1) }, started: false,
            dialect: real => breakable = new BreakableDialect(real));
        Guid[] users = [await books.AddUserAsync(), await books.AddUserAsync()];
        await using var other = new NpgsqlConnection($"{books.Database.Settings.ConnectionString};Pooling=False");
        await other.OpenAsync();

        // A waiting session looks for a circle once, after this time: the ledger when the circle is closed, the other too late.
        await RunAsync($"ALTER DATABASE {other.Database} SET deadlock_timeout = '5s'");
        await RunAsync("SET deadlock_timeout = '10min'");
        await books.StartAsync();
        foreach (var user in users) await books.HoldAsync(user, 1);
        await RunAsync("BEGIN");
        await RunAsync($"UPDATE quota_counters SET requests = requests WHERE user_id = '{users.Max()}'");

        // Both holds queue up behind a settlement, so that they meet in one transaction.
        var begun = 0;
        using var isHeldUp = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        breakable.BeforeBegin = () =>
        {
            begun++;
            isHeldUp.Release();
            goOn.Wait();
        };
        var before = books.CatchUpAsync();
        await isHeldUp.WaitAsync();
        var holds = Task.WhenAll(users.Select(user => books.TryHoldAsync(user, 1)));
        goOn.Set();
        await before;
        while (await ReadAsync("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) await Task.Yield();
        await RunAsync($"UPDATE quota_counters SET requests = requests WHERE user_id = '{users.Min()}'");
        await RunAsync("COMMIT");

        Assert.That(await holds, Has.All.Null);
        Assert.That(begun, Is.EqualTo(3), "the settlement, the holds as the victim, and the same holds again");
        await books.AssertBalancedAsync();

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, other) { CommandTimeout = 60 };
            await command.ExecuteNonQueryAsync();
        }

        async Task<long> ReadAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, other);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }
}
