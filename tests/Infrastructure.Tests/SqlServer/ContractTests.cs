using AiGateway.Application.Administration;
using AiGateway.Application.Progress;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Sql;
using AiGateway.Infrastructure.Ledger.Sql.SqlServer;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Tests.Ledger;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiGateway.Infrastructure.Tests.SqlServer;

/// <summary>What only a real server shows. The tests are skipped where none is given.</summary>
internal sealed class ContractTests
{
    private const int ReadCommitted = 2;
    private static readonly LedgerSettings Settings = new();

    [Test]
    public async Task SaveCounters_WhenTheRowChangedAfterTheLock_CollidesAndLeavesTheConnectionUsable()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.SqlServer, alone: false);
        var dialect = new SqlServerLedgerDialect(database.Settings, Settings);
        using var connection = dialect.Open();
        var key = CounterKey.OfUser(await AddUserAsync(database), PeriodKind.Day, 20261115);
        connection.Begin();
        connection.LockCounters([new NeededCounter(key, null, StartsAtZero: true)], new Dictionary<CounterKey, Counter>());
        var wrong = new Counter(key, new BudgetFigures(5, 0, 0, 0, 5, 5));
        wrong.Add(CounterChange.Hold(new HeldAmount(10, 0)));
        connection.SaveCounters([wrong]);

        var failure = Assert.Catch(connection.Commit);
        Assert.That(dialect.FaultOf(failure!), Is.EqualTo(LedgerFault.Collision));
        connection.Rollback();
        Assert.That(Add10(connection, key), Is.Zero, "the counter is unchanged, because nothing was written");
        Assert.That(Add10(connection, key), Is.EqualTo(10));
    }

    [Test]
    public async Task Ledger_WithMultipleActiveResultSets_StillWrites()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.SqlServer, alone: false);
        var settings = new DatabaseSettings
        {
            Kind = DatabaseKind.SqlServer,
            ConnectionString = $"{database.Settings.ConnectionString};MultipleActiveResultSets=True",
        };
        using var connection = new SqlServerLedgerDialect(settings, Settings).Open();
        var key = CounterKey.OfUser(await AddUserAsync(database), PeriodKind.Day, 20261115);

        Assert.That((Add10(connection, key), Add10(connection, key)), Is.EqualTo((0L, 10L)));
    }

    [Test]
    public async Task Verify_WhenDone_LeavesItsConnectionAsItWas()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.SqlServer, alone: false);
        var settings = new DatabaseSettings
        {
            Kind = DatabaseKind.SqlServer,
            ConnectionString = $"{database.Settings.ConnectionString};Max Pool Size=1;Application Name=one",
        };
        var contexts = new GatewayContextFactory(settings, new SqliteFile(settings), NullLoggerFactory.Instance);
        await new LedgerVerifier(contexts, UnseenProgress.Instance).VerifyAsync(CancellationToken.None);

        await using var context = contexts.CreateDbContext();
        var levels = await context.Database.SqlQueryRaw<int>(
            "SELECT CAST(transaction_isolation_level AS int) AS Value FROM sys.dm_exec_sessions WHERE session_id = @@SPID").ToListAsync();
        Assert.That(levels, Is.EqualTo((int[])[ReadCommitted]));
    }

    private static async Task<Guid> AddUserAsync(TestDatabase database)
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await new UserStore(database.Contexts).AddAsync(new User { Id = id, Name = "someone", CreatedAt = TestLedger.Noon }, Actor.Operator, CancellationToken.None);
        return id;
    }

    /// <summary>Adds 10 to the held amount, and returns the amount before.</summary>
    private static long Add10(ILedgerConnection connection, CounterKey key)
    {
        var counters = new Dictionary<CounterKey, Counter>();
        connection.Begin();
        connection.LockCounters([new NeededCounter(key, null, StartsAtZero: true)], counters);
        var before = counters[key].Figures.HeldNanoUsd;
        counters[key].Add(CounterChange.Hold(new HeldAmount(10, 0)));
        connection.SaveCounters([counters[key]]);
        connection.Commit();
        return before;
    }
}
