using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Tests.Ledger;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class LeaseTests(DatabaseKind kind)
{
    private static readonly TimeSpan Lease = new LedgerSettings().HoldLease;

    [Test]
    public async Task Hold_WhileItsGatewayRuns_IsRenewedAndNeverExpires()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var id = await ledger.HoldAsync(user);
        for (var i = 0; i < 20; i++)
        {
            ledger.Clock.Advance(Lease / 4);
            await ledger.FlushAsync();
        }

        var record = (await ledger.FindAsync(id))!;

        Assert.That(record.Status, Is.EqualTo(UsageStatus.Held));
        Assert.That(record.LeaseExpiresAt, Is.GreaterThan(ledger.Clock.GetUtcNow() + (Lease / 4)));
    }

    [Test]
    public async Task Hold_WhenRenewalAndSweepAreBothLate_IsRenewedFirst()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var id = await ledger.HoldAsync(await ledger.AddUserAsync());
        ledger.Clock.Advance(Lease * 10);
        await ledger.FlushAsync();

        Assert.That((await ledger.FindAsync(id))!.Status, Is.EqualTo(UsageStatus.Held));
    }

    [Test]
    public async Task Hold_WhenItsGatewayWasKilled_IsHeldUntilTheLeaseEndsAndThenChargedInFull()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var id = await ledger.HoldAsync(user, 500);
        await ledger.CrashAsync();
        ledger.Clock.Advance(Lease - TimeSpan.FromMilliseconds(1));
        await ledger.FlushAsync();
        Assert.That((await ledger.FindAsync(id))!.Status, Is.EqualTo(UsageStatus.Held));
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 0, 500)));

        ledger.Clock.Advance(Lease / 4);
        await ledger.FlushAsync();

        var record = (await ledger.FindAsync(id))!;
        Assert.That(
            (record.Status, record.UsageSource, record.CostNanoUsd, record.ErrorCode, record.LatencyMs),
            Is.EqualTo((UsageStatus.Expired, UsageSource.Held, 500, "expired", (long?)null)));
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 500, 0)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Start_WhenLeasesExpiredWhileNoGatewayRan_SweepsAtOnce()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        await ledger.HoldAsync(user, 500);
        await ledger.CrashAsync(started: false);
        ledger.Clock.Advance(Lease);
        await ledger.StartAsync();
        await ledger.FlushAsync();

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 500, 0)));
    }

    [Test]
    public async Task Settle_WhenTheHoldHasExpired_CorrectsTheCost()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var id = await ledger.HoldAsync(user, 500);
        await ledger.ExpireAsync();
        await ledger.SettleAsync(id, cost: 123);
        await ledger.SettleAsync(id, cost: 456);

        var record = (await ledger.FindAsync(id))!;

        Assert.That(
            (record.Status, record.UsageSource, record.CostNanoUsd, record.ErrorCode),
            Is.EqualTo((UsageStatus.Settled, UsageSource.Provider, 123, (string?)null)));
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 123, 0)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Release_WhenTheHoldHasExpired_ReleasesRequestAndCost()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var id = await ledger.HoldAsync(user, 500);
        await ledger.ExpireAsync();
        await ledger.ReleaseAsync(id);

        Assert.That((await ledger.FindAsync(id))!.Status, Is.EqualTo(UsageStatus.Released));
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(0, 0, 0, 0)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Sweep_WhenThereAreMoreThanOneTransactionTakes_TakesThemAll()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, new LedgerSettings { BatchSize = 4 });
        var user = await ledger.AddUserAsync();
        await Task.WhenAll(Enumerable.Range(0, 18).Select(_ => ledger.HoldAsync(user, 10)));
        await ledger.ExpireAsync();
        for (var i = 0; i < 5; i++) await ledger.FlushAsync();

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(18, 18, 180, 0)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Renewal_WhenThereAreMoreThanOneTransactionTakes_RenewsThemAll()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, new LedgerSettings { BatchSize = 4 });
        var user = await ledger.AddUserAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 18).Select(_ => ledger.HoldAsync(user, 10)));
        ledger.Clock.Advance(Lease / 3);
        for (var i = 0; i < 6; i++) await ledger.FlushAsync();

        foreach (var id in ids) Assert.That((await ledger.FindAsync(id))!.LeaseExpiresAt, Is.EqualTo(ledger.Clock.GetUtcNow() + Lease));
    }

    [Test]
    public async Task Renewal_WhenAnotherGatewayExpiredTheHold_DoesNotReviveIt()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        var user = await ledger.AddUserAsync();
        var id = await ledger.HoldAsync(user, 500);
        await ledger.Database.TamperAsync("UPDATE usage_records SET status = 3, cost_nano_usd = held_nano_usd");
        ledger.Clock.Advance(Lease / 3);
        await ledger.FlushAsync();

        var record = (await ledger.FindAsync(id))!;

        Assert.That((record.Status, record.LeaseExpiresAt), Is.EqualTo((UsageStatus.Expired, TestLedger.Noon + Lease)));
    }
}
