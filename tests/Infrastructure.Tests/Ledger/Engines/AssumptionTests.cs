using AiGateway.Application.Budgets;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Sql.Postgres;
using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Tests.Ledger.Budgets;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AiGateway.Infrastructure.Tests.Ledger.Engines;

/// <summary>
/// A gateway on PostgreSQL decides by what it remembers, and the database checks that. Whatever changes meanwhile, the decision
/// is the one that a gateway without memory would make.
/// </summary>
internal sealed class AssumptionTests
{
    private TestLedger _ledger = null!;
    private CountingProxy _proxy = null!;
    private LedgerSession _session = null!;
    private LedgerSession _other = null!;
    private Guid _user;

    [SetUp]
    public async Task Open()
    {
        _ledger = await TestLedger.OpenAsync(DatabaseKind.Postgres, started: false, alone: true);
        var address = new NpgsqlConnectionStringBuilder(_ledger.Database.Settings.ConnectionString);
        _proxy = new CountingProxy(address.Port);
        (_session, _other) = (Open(Through(_proxy)), Open(_ledger.Database.Settings.ConnectionString));
        _user = await _ledger.AddUserAsync();
        await _ledger.SetAsync(ScopeKind.User, _user, new NewBudget { Metric = BudgetMetric.Spend, Window = PeriodKind.Total, Amount = Money.ToUsd(1_000) });
        Hold(_session, 10);
        Assert.That(RoundTripsOf(() => Hold(_session, 10)), Is.EqualTo(1), "all is remembered");
    }

    [TearDown]
    public async Task Close()
    {
        _session.Close();
        _other.Close();
        await _ledger.AssertBalancedAsync();
        await _proxy.DisposeAsync();
        await _ledger.DisposeAsync();
    }

    [Test]
    public void Hold_WhenAnotherGatewayUsedUpTheLimit_IsRefused()
    {
        Assert.That(Hold(_other, 980).Decision.IsGranted, Is.True);

        var refusal = Hold(_session, 1).Decision.Refusal!;

        Assert.That((refusal.LimitName, refusal.UsedAmount), Is.EqualTo(("total_spend", 1_000L)));
    }

    [Test]
    public void Hold_WhenAnotherGatewayGaveCapacityBack_IsGranted()
    {
        var large = Hold(_session, 980);
        Assert.That(Hold(_session, 980).Decision.IsGranted, Is.False);
        Settle(_other, large, 1);

        Assert.That(Hold(_session, 970).Decision.IsGranted, Is.True);
    }

    [Test]
    public async Task Hold_WhenTheLimitsOfTheUserChanged_IsDecidedByTheNewOnes()
    {
        await _ledger.SetLimitsAsync(_user, new QuotaLimits(2, null, null));
        Assert.That(Hold(_session, 1).Decision.Refusal!.Limit, Is.EqualTo(QuotaLimit.DailyRequests));

        await _ledger.SetLimitsAsync(_user, new QuotaLimits(null, null, null));
        Assert.That(Hold(_session, 500).Decision.IsGranted, Is.True, "a row without limits is not the same as no row");
    }

    [Test]
    public async Task Hold_WhenABudgetIsAdded_CountsForIt()
    {
        await _ledger.SetAsync(ScopeKind.User, _user, new NewBudget { Metric = BudgetMetric.Requests, Window = PeriodKind.Total, Amount = 3 });

        Assert.That(Hold(_session, 1).Decision.IsGranted, Is.True);
        Assert.That(Hold(_session, 1).Decision.IsGranted, Is.False);
    }

    [Test]
    public async Task Settlement_OfAHoldThatAnotherGatewayExpired_CorrectsItsCharge()
    {
        var hold = Hold(_session, 100);
        await ExecuteAsync("UPDATE usage_records SET lease_expires_at = 0 WHERE id = $1", hold.Hold.RequestId);
        Write(_other, new LedgerBatch { Sweep = true });

        Settle(_session, hold, 7);

        Assert.That((await _ledger.FindAsync(hold.Hold.RequestId))!, Has.Property("CostNanoUsd").EqualTo(7).And.Property("Status").EqualTo(UsageStatus.Settled));
    }

    [Test]
    public async Task Settlement_OfTwoForOneRequest_CountsTheFirst()
    {
        var hold = Hold(_session, 100);
        Write(_session, new LedgerBatch { Settlements = { SettlementOf(hold, 7), SettlementOf(hold, 9) } });

        Assert.That((await _ledger.FindAsync(hold.Hold.RequestId))!.CostNanoUsd, Is.EqualTo(7));
    }

    [Test]
    public async Task Work_AfterALongIdleTime_AsksTheDatabaseFirst()
    {
        await using var proxy = new CountingProxy(new NpgsqlConnectionStringBuilder(_ledger.Database.Settings.ConnectionString).Port);
        var idle = Open(Through(proxy), TimeSpan.Zero);
        for (var i = 0; i < 2; i++) Hold(idle, 1);

        var before = proxy.RoundTrips;
        Hold(idle, 1);
        Assert.That(proxy.RoundTrips - before, Is.EqualTo(2));
        idle.Close();
    }

    [Test]
    public void Assumptions_ThatKeepFailing_AreMadeEverLessOften()
    {
        var failed = 0;
        for (var i = 0; i < 40; i++)
        {
            Hold(_other, 1);
            if (RoundTripsOf(() => Hold(_session, 1)) > 2) failed++;
        }

        Assert.That(failed, Is.LessThan(8), "of 40 holds between those of another gateway");
        var trips = Enumerable.Range(0, 300).Select(_ => RoundTripsOf(() => Hold(_session, 0))).ToList();
        Assert.That(trips[^1], Is.EqualTo(1), "alone again, it assumes again");
    }

    private static LedgerSession Open(string connectionString, TimeSpan? longestIdle = null)
    {
        var settings = new LedgerSettings { LongestIdle = longestIdle ?? TimeSpan.FromMinutes(1) };
        return new LedgerSession(
            new PostgresLedgerDialect(new DatabaseSettings { Kind = DatabaseKind.Postgres, ConnectionString = connectionString }, settings),
            new LedgerPosting(QuotaLimits.Unlimited, settings, isShared: true), TimeProvider.System, NullLogger.Instance);
    }

    private string Through(CountingProxy proxy)
    {
        var address = new NpgsqlConnectionStringBuilder(_ledger.Database.Settings.ConnectionString);
        (address.Port, address.SslMode, address.GssEncryptionMode) = (proxy.Port, SslMode.Disable, GssEncryptionMode.Disable);
        return address.ToString();
    }

    private static void Write(LedgerSession by, LedgerBatch work) =>
        Assert.That(by.Write(work), Is.EqualTo(LedgerOutcome.Written), () => $"{by.Failure}");

    private static SettleOperation SettlementOf(HoldOperation hold, long cost) => new(TestLedger.Settled(hold.Hold.RequestId, cost), queuedAt: 0);

    private static void Settle(LedgerSession by, HoldOperation hold, long cost) =>
        Write(by, new LedgerBatch { Settlements = { SettlementOf(hold, cost) } });

    private HoldOperation Hold(LedgerSession by, long nanoUsd)
    {
        var hold = new HoldOperation(_ledger.NewHold(_user, nanoUsd), queuedAt: 0);
        Write(by, new LedgerBatch { Holds = { hold } });
        return hold;
    }

    private int RoundTripsOf(Action action)
    {
        var before = _proxy.RoundTrips;
        action();
        return _proxy.RoundTrips - before;
    }

    private async Task ExecuteAsync(string sql, Guid id)
    {
        await using var source = NpgsqlDataSource.Create($"{_ledger.Database.Settings.ConnectionString};Pooling=False");
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue(id);
        await command.ExecuteNonQueryAsync();
    }
}
