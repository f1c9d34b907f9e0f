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
        await using var books = await Books.OpenAsync(kind, new LedgerSettings { CommitTimeout = TimeSpan.FromMinutes(1) });
        Guid[] users = [await books.AddUserAsync(), await books.AddUserAsync()];
        foreach (var user in users) await books.HoldAsync(user, 1);
        await using var other = new NpgsqlConnection($"{books.Database.Settings.ConnectionString};Pooling=False");
        await other.OpenAsync();

        // It is patient, so that the ledger is the one whose wait is found to be in a circle.
        await RunAsync("SET deadlock_timeout = '10min'");
        await RunAsync("BEGIN");
        await RunAsync($"UPDATE quota_counters SET requests = requests WHERE user_id = '{users.Max()}'");
        await books.CrashAsync(started: false);
        var holds = Task.WhenAll(users.Select(user => books.TryHoldAsync(user, 1)));
        await books.StartAsync();
        await UntilTheLedgerWaitsAsync();
        await RunAsync($"UPDATE quota_counters SET requests = requests WHERE user_id = '{users.Min()}'");
        await RunAsync("COMMIT");

        Assert.That(await holds, Has.All.Null);
        Assert.That(await DeadlocksAsync(), Is.EqualTo(1), "there was one");
        await books.AssertBalancedAsync();

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, other) { CommandTimeout = 60 };
            await command.ExecuteNonQueryAsync();
        }

        async Task UntilTheLedgerWaitsAsync()
        {
            const string Waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted";
            while (await ReadAsync(Waiting) == 0) await Task.Yield();
        }

        async Task<long> DeadlocksAsync()
        {
            const string Deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
            while (await ReadAsync(Deadlocks) == 0) await Task.Yield();
            return await ReadAsync(Deadlocks);
        }

        async Task<long> ReadAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, other);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }
}
