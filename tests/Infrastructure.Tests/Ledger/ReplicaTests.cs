using AiGateway.Application.Progress;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Sql.Postgres;
using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using AiGateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AiGateway.Infrastructure.Tests.Ledger;

/// <summary>Several gateways on one PostgreSQL, each represented by its ledger writer.</summary>
internal sealed class ReplicaTests
{
    private const int Replicas = 4;
    private const int UserCount = 300;
    private const int Limit = 8;

    // A short lease makes renewals and sweeps frequent while the other replicas write.
    private static readonly LedgerSettings Settings = new() { HoldLease = TimeSpan.FromSeconds(2), CommitTimeout = TimeSpan.FromSeconds(60) };

    [Test]
    public async Task Replicas_WithHundredsOfUsersInRandomOrder_LoseNothingAndNeverDeadlock()
    {
        await using var testLedger = await TestLedger.OpenAsync(DatabaseKind.Postgres, started: false);
        var users = new List<Guid>();
        for (var i = 0; i < UserCount; i++) users.Add(await testLedger.AddUserAsync(new QuotaLimits(null, Limit, null)));
        var replicas = Enumerable.Range(0, Replicas).Select(_ => NewReplica(testLedger)).ToList();
        foreach (var (writer, _) in replicas) await writer.StartAsync(CancellationToken.None);

        // Every replica requests three times the limit for every user, each in its own order.
        var granted = await Task.WhenAll(replicas.SelectMany((replica, number) => Orders(users, number)
            .Select(order => Task.Run(() => WorkAsync(testLedger, replica.Ledger, order)))));
        foreach (var (writer, _) in replicas)
        {
            await writer.StopAsync(CancellationToken.None);
            writer.Dispose();
        }

        Assert.That(granted.Sum(), Is.EqualTo(UserCount * Limit), "every hold within the limits was granted");
        foreach (var user in users)
            Assert.That(await testLedger.UseAsync(user, TestLedger.Noon), Is.EqualTo(new QuotaUse(Limit, Limit, Limit * 3, 0)));
        await testLedger.AssertBalancedAsync();
        Assert.That(await DeadlocksAsync(testLedger.Database), Is.Zero);
    }

    /// <summary>Holds and settles for each user in order. Returns how many holds were granted.</summary>
    private static async Task<int> WorkAsync(TestLedger testLedger, DatabaseLedger ledger, Guid[] order)
    {
        var granted = 0;
        foreach (var user in order)
        {
            var hold = testLedger.NewHold(user, 10, TestLedger.Noon);
            if (!(await ledger.HoldAsync(hold, CancellationToken.None)).IsGranted) continue;
            granted++;
            await ledger.SettleAsync(TestLedger.Settled(hold.RequestId, 3));
        }

        return granted;
    }

    private static IEnumerable<Guid[]> Orders(List<Guid> users, int replica)
    {
        for (var i = 0; i < 3 * Limit; i++)
        {
            var order = users.ToArray();
            new Random((replica * 1000) + i).Shuffle(order);
            yield return order;
        }
    }

    private static (LedgerWriter Writer, DatabaseLedger Ledger) NewReplica(TestLedger testLedger)
    {
        var writer = new LedgerWriter(
            new PostgresLedgerDialect(Named(testLedger.Database.Settings), Settings), Settings, QuotaLimits.Unlimited, TimeProvider.System,
            NullLogger<LedgerWriter>.Instance);
        var ledger = new DatabaseLedger(
            writer, new LedgerVerifier(testLedger.Database.Contexts, UnseenProgress.Instance), TimeProvider.System, NullLogger<DatabaseLedger>.Instance);
        return (writer, ledger);
    }

    private static DatabaseSettings Named(DatabaseSettings settings) =>
        new() { Kind = settings.Kind, ConnectionString = $"{settings.ConnectionString};Application Name=replica" };

    /// <summary>The number of deadlocks. PostgreSQL's statistics are complete once all sessions of the replicas have ended.</summary>
    private static async Task<long> DeadlocksAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.Settings.ConnectionString);
        await connection.OpenAsync();
        await Eventually.GetAsync(
            () => ReadAsync("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'replica' AND datname = current_database()"),
            sessions => sessions == 0);
        return await ReadAsync("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");

        async Task<long> ReadAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }
}
