using AiGateway.Application.Budgets;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Sql.Postgres;
using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Tests.Ledger.Budgets;
using AiGateway.Infrastructure.Tests.Ledger.Rates;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AiGateway.Infrastructure.Tests.Ledger.Engines;

/// <summary>
/// A transaction on PostgreSQL takes the same small number of round trips, however much it writes: one when all is remembered, two
/// when counters are read, three when records are, and more only where something changed.
/// </summary>
internal sealed class RoundTripTests
{
    [Test]
    public async Task Batch_ThatReachesAThreshold_TakesOneRoundTripMore_AndLaterOnesTakeNone()
    {
        await using var ledger = await TestLedger.OpenAsync(DatabaseKind.Postgres, started: false, alone: true);
        var address = new NpgsqlConnectionStringBuilder(ledger.Database.Settings.ConnectionString);
        await using var proxy = new CountingProxy(address.Port);
        (address.Port, address.SslMode, address.GssEncryptionMode) = (proxy.Port, SslMode.Disable, GssEncryptionMode.Disable);
        var session = Open(address.ToString());
        var user = await ledger.AddUserAsync();
        await ledger.SetAsync(
            ScopeKind.User, user, new NewBudget { Metric = BudgetMetric.Requests, Window = PeriodKind.Total, Amount = 5, AlertPercents = [80] });

        Write();
        Assert.That(Write(), Is.EqualTo(1), "below the threshold");
        Assert.That(Write(), Is.EqualTo(1), "below the threshold");
        Assert.That(Write(), Is.EqualTo(3), "the threshold is reached, and the alert must see what was assumed");
        Assert.That(Write(), Is.EqualTo(1), "it is told already");
        session.Close();

        int Write()
        {
            var before = proxy.RoundTrips;
            var work = new LedgerBatch { Holds = { new HoldOperation(ledger.NewHold(user, 10), queuedAt: 0) } };
            Assert.That(session.Write(work), Is.EqualTo(LedgerOutcome.Written), () => $"{session.Failure}");
            return proxy.RoundTrips - before;
        }
    }

    [Test]
    public async Task Settlement_OfARecordThatIsUnknownOrChanged_TakesMoreRoundTripsAndBalances()
    {
        await using var ledger = await TestLedger.OpenAsync(DatabaseKind.Postgres, started: false);
        var address = new NpgsqlConnectionStringBuilder(ledger.Database.Settings.ConnectionString);
        await using var proxy = new CountingProxy(address.Port);
        (address.Port, address.SslMode, address.GssEncryptionMode) = (proxy.Port, SslMode.Disable, GssEncryptionMode.Disable);
        var (session, other) = (Open(address.ToString()), Open(ledger.Database.Settings.ConnectionString));
        var user = await ledger.AddUserAsync();
        var holds = Enumerable.Range(0, 4).Select(_ => new HoldOperation(ledger.NewHold(user, 10), queuedAt: 0)).ToList();
        var (known, unknown, raised, changed) = (holds[0], holds[1], holds[2], holds[3]);
        Write(session, new LedgerBatch { Holds = { known, raised, changed } });
        Write(other, new LedgerBatch { Holds = { unknown } });
        Write(session, new LedgerBatch { Raises = { new RaiseOperation(new HoldRaise(raised.Hold.RequestId, 5), queuedAt: 0) } });
        await using (var source = NpgsqlDataSource.Create(ledger.Database.Settings.ConnectionString))
        await using (var command = source.CreateCommand("UPDATE usage_records SET end_user = 'erased' WHERE id = $1"))
        {
            command.Parameters.AddWithValue(changed.Hold.RequestId);
            Assert.That(await command.ExecuteNonQueryAsync(), Is.EqualTo(1));
        }

        Assert.That(Settle(known), Is.EqualTo(1), "this gateway wrote the hold, and read the counters since another changed them");
        Assert.That(Settle(unknown), Is.EqualTo(3), "another gateway wrote the hold");
        Assert.That(Settle(raised), Is.EqualTo(3), "the hold was raised");
        Assert.That(Settle(changed), Is.GreaterThan(3), "the record is read, and the settlement begins again");
        Assert.That(Settle(known), Is.EqualTo(2), "it is settled already, and no counter changes");

        session.Close();
        other.Close();
        foreach (var hold in holds) Assert.That((await ledger.FindAsync(hold.Hold.RequestId))!.CostNanoUsd, Is.EqualTo(5));
        await ledger.AssertBalancedAsync();

        int Settle(HoldOperation hold) => Write(session, new LedgerBatch
        {
            Settlements = { new SettleOperation(TestLedger.Settled(hold.Hold.RequestId, 5), queuedAt: 0) },
        });

        int Write(LedgerSession by, LedgerBatch work)
        {
            var before = proxy.RoundTrips;
            Assert.That(by.Write(work), Is.EqualTo(LedgerOutcome.Written), () => $"{by.Failure}");
            return proxy.RoundTrips - before;
        }
    }

    [TestCase(1)]
    [TestCase(500)]
    public async Task Batch_OfAnySize_TakesTheSameNumberOfRoundTrips(int size)
    {
        await using var ledger = await TestLedger.OpenAsync(DatabaseKind.Postgres, started: false);
        var address = new NpgsqlConnectionStringBuilder(ledger.Database.Settings.ConnectionString);
        await using var proxy = new CountingProxy(address.Port);
        (address.Port, address.SslMode, address.GssEncryptionMode) = (proxy.Port, SslMode.Disable, GssEncryptionMode.Disable);
        var session = Open(address.ToString());
        var users = new List<Guid>();
        for (var i = 0; i < Math.Min(size, 50); i++) users.Add(await ledger.AddUserAsync());
        var holds = NewHolds();

        Assert.That(Write(new LedgerBatch { Holds = { NewHold(0) } }), Is.GreaterThan(0), "opening the connection takes round trips");
        Assert.That(Write(With(holds)), Is.EqualTo(size == 1 ? 1 : 2), "holds, for counters that are not known yet if there are several users");
        Assert.That(Write(With(NewHolds())), Is.EqualTo(1), "holds for counters that are");
        var mixed = With(NewHolds());
        foreach (var hold in holds) mixed.Settlements.Add(new SettleOperation(TestLedger.Settled(hold.Hold.RequestId, 5), queuedAt: 0));
        mixed.Renewals.AddRange(mixed.Settlements.Select(ending => ending.Settlement.RequestId));
        Assert.That(Write(mixed), Is.EqualTo(1), "renewals, settlements and holds");
        Assert.That(Write(new LedgerBatch { Sweep = true }), Is.EqualTo(2), "a sweep without expired leases takes two round trips");

        foreach (var user in users) await ledger.SetRatesAsync(ScopeKind.User, user, requests: 1_000_000, tokens: 1_000_000_000);
        var rated = NewHolds();
        Assert.That(Write(With(rated)), Is.GreaterThan(2), "the rates are read once");
        Assert.That(Write(With(NewHolds())), Is.EqualTo(2), "holds with rates");
        var both = With(NewHolds());
        foreach (var hold in rated) both.Settlements.Add(new SettleOperation(TestLedger.Settled(hold.Hold.RequestId, 5), queuedAt: 0));
        Assert.That(Write(both), Is.EqualTo(2), "settlements and holds with rates");
        session.Close();
        Assert.That((await ledger.Ledger.VerifyAsync(CancellationToken.None)).Rows, Is.EqualTo((6 * size) + 1));
        await ledger.AssertBalancedAsync();

        int Write(LedgerBatch work)
        {
            var before = proxy.RoundTrips;
            Assert.That(session.Write(work), Is.EqualTo(LedgerOutcome.Written), () => $"{session.Failure}");
            return proxy.RoundTrips - before;
        }

        HoldOperation NewHold(int i) => new(ledger.NewHold(users[i % users.Count], 10), queuedAt: 0);

        List<HoldOperation> NewHolds() => [.. Enumerable.Range(0, size).Select(NewHold)];

        static LedgerBatch With(List<HoldOperation> holds)
        {
            var work = new LedgerBatch();
            work.Holds.AddRange(holds);
            return work;
        }
    }

    private static LedgerSession Open(string connectionString)
    {
        var settings = new LedgerSettings { LongestIdle = TimeSpan.FromMinutes(1) };
        return new LedgerSession(
            new PostgresLedgerDialect(new DatabaseSettings { Kind = DatabaseKind.Postgres, ConnectionString = connectionString }, settings),
            new LedgerPosting(QuotaLimits.Unlimited, settings, isShared: true), TimeProvider.System, NullLogger.Instance);
    }
}
