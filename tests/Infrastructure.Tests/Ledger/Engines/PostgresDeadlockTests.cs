using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Tests.Ledger.Writer;
using AiGateway.Testing;
using Npgsql;

namespace AiGateway.Infrastructure.Tests.Ledger.Engines;

/// <summary>A real deadlock, made with PostgreSQL's own locks.</summary>
internal sealed class PostgresDeadlockTests
{
    [Test]
    public async Task Batch_WhenItIsADeadlocksVictim_IsWrittenAgain()
    {
        BreakableDialect breakable = null!;
        await using var ledger = await TestLedger.OpenAsync(
            DatabaseKind.Postgres, new LedgerSettings { CommitTimeout = TimeSpan.FromMinutes(1) }, started: false,
            dialect: real => breakable = new BreakableDialect(real));
        Guid[] users = [await ledger.AddUserAsync(), await ledger.AddUserAsync()];
        await using var other = new NpgsqlConnection($"{ledger.Database.Settings.ConnectionString};Pooling=False");
        await other.OpenAsync();

        // A waiting session checks for a deadlock once, after this time. The times make the ledger the victim: it checks once the deadlock exists,
        // the other session much later.
        await RunAsync($"ALTER DATABASE {other.Database} SET deadlock_timeout = '20s'");
        await RunAsync("SET deadlock_timeout = '10min'");
        await ledger.StartAsync();
        foreach (var user in users) await ledger.HoldAsync(user, 1);
        await RunAsync("BEGIN");
        await RunAsync($"UPDATE quota_counters SET requests = requests WHERE user_id = '{users.Max()}'");

        // Both holds wait behind a settlement and are therefore written in one transaction.
        var begun = 0;
        using var isHeldUp = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        breakable.BeforeBegin = () =>
        {
            begun++;
            isHeldUp.Release();
            goOn.Wait();
        };
        var before = ledger.FlushAsync();
        await isHeldUp.WaitAsync();
        var holds = Task.WhenAll(users.Select(user => ledger.TryHoldAsync(user, 1)));
        goOn.Set();
        await before;
        await Eventually.GetAsync(IsASessionWaitingAsync, isThere => isThere);
        await RunAsync($"UPDATE quota_counters SET requests = requests WHERE user_id = '{users.Min()}'");
        await RunAsync("COMMIT");

        Assert.That(await holds, Has.All.Null);
        Assert.That(begun, Is.EqualTo(3), "one transaction for the settlement, one that was the victim, and one that wrote the holds");
        await ledger.AssertBalancedAsync();

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, other) { CommandTimeout = 60 };
            await command.ExecuteNonQueryAsync();
        }

        // A session that waits for a row waits for the transaction that locked it. Such a lock belongs to no database.
        async Task<bool> IsASessionWaitingAsync()
        {
            await using var command = new NpgsqlCommand(
                "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database())", other);
            return (bool)(await command.ExecuteScalarAsync())!;
        }
    }
}
