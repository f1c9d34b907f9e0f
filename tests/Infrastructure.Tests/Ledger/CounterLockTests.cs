using AiGateway.Application.Administration;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Sql;
using AiGateway.Infrastructure.Ledger.Sql.Postgres;
using AiGateway.Infrastructure.Ledger.Sql.SqlServer;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Tests.Persistence.Databases;

namespace AiGateway.Infrastructure.Tests.Ledger;

/// <summary>The lock that keeps counters exact when several gateways write.</summary>
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class CounterLockTests(DatabaseKind kind)
{
    private const int Rounds = 20;
    // A connection that does not trust its memory waits for the rows at once.
    private static readonly LedgerSettings Settings = new() { LongestIdle = TimeSpan.Zero };

    [Test]
    public async Task LockCounters_WhileAnotherWriterHoldsThem_WaitsAndReadsTheNewValues()
    {
        await using var database = await TestDatabase.CreateAsync(kind, alone: false);
        ILedgerDialect dialect = kind == DatabaseKind.Postgres
            ? new PostgresLedgerDialect(database.Settings, Settings)
            : new SqlServerLedgerDialect(database.Settings, Settings);
        using var first = dialect.Open();
        using var second = dialect.Open();
        var user = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await new UserStore(database.Contexts).AddAsync(new User { Id = user, Name = "someone", CreatedAt = TestLedger.Noon }, Actor.Operator, CancellationToken.None);
        var key = CounterKey.OfUser(user, PeriodKind.Day, 20261115);
        for (var round = 0; round < Rounds; round++)
        {
            var held = Lock(first, key);
            using var isAsking = new ManualResetEventSlim();
            var waiting = Task.Run(() =>
            {
                isAsking.Set();
                return Lock(second, key);
            });
            isAsking.Wait();
            held.Add(CounterChange.Hold(new HeldAmount(10, 0)));
            first.SaveCounters([held]);
            first.Commit();

            Assert.That((await waiting).Figures, Is.EqualTo(held.Figures with { InFlight = 0 }));
            second.Commit();
        }
    }

    private static Counter Lock(ILedgerConnection connection, CounterKey key)
    {
        var counters = new Dictionary<CounterKey, Counter>();
        connection.Begin();
        connection.ReadLimits([], new Dictionary<Guid, QuotaLimits>());
        connection.LockCounters([new NeededCounter(key, null, StartsAtZero: true)], counters);
        return counters[key];
    }
}
