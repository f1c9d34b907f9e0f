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
    public async Task Hold_WhenItsGatewayLives_IsRenewedAndNeverExpired()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var id = await books.HoldAsync(user);
        for (var i = 0; i < 20; i++)
        {
            books.Clock.Advance(Lease / 4);
            await books.CatchUpAsync();
        }

        var record = (await books.FindAsync(id))!;

        Assert.That(record.Status, Is.EqualTo(UsageStatus.Held));
        Assert.That(record.LeaseExpiresAt, Is.GreaterThan(books.Clock.GetUtcNow() + (Lease / 4)));
    }

    [Test]
    public async Task Hold_WhenRenewalAndSweepAreBothLate_IsRenewedFirst()
    {
        await using var books = await Books.OpenAsync(kind);
        var id = await books.HoldAsync(await books.AddUserAsync());
        books.Clock.Advance(Lease * 10);
        await books.CatchUpAsync();

        Assert.That((await books.FindAsync(id))!.Status, Is.EqualTo(UsageStatus.Held));
    }

    [Test]
    public async Task Hold_WhenItsGatewayWasKilled_IsHeldUntilTheLeaseEndsAndThenBookedInFull()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var id = await books.HoldAsync(user, 500);
        await books.CrashAsync();
        books.Clock.Advance(Lease - TimeSpan.FromMilliseconds(1));
        await books.CatchUpAsync();
        Assert.That((await books.FindAsync(id))!.Status, Is.EqualTo(UsageStatus.Held));
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 0, 500)));

        books.Clock.Advance(Lease / 4);
        await books.CatchUpAsync();

        var record = (await books.FindAsync(id))!;
        Assert.That(
            (record.Status, record.UsageSource, record.CostNanoUsd, record.ErrorCode, record.LatencyMs),
            Is.EqualTo((UsageStatus.Expired, UsageSource.Held, 500, "expired", (long?)null)));
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 500, 0)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Start_WhenLeasesRanOutWhileNobodyWasThere_SweepsAtOnce()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        await books.HoldAsync(user, 500);
        await books.CrashAsync(started: false);
        books.Clock.Advance(Lease);
        await books.StartAsync();
        await books.CatchUpAsync();

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 500, 0)));
    }

    [Test]
    public async Task Settle_WhenTheHoldHasExpired_CorrectsTheCost()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var id = await books.HoldAsync(user, 500);
        await books.LoseSightAsync();
        await books.SettleAsync(id, cost: 123);
        await books.SettleAsync(id, cost: 456);

        var record = (await books.FindAsync(id))!;

        Assert.That(
            (record.Status, record.UsageSource, record.CostNanoUsd, record.ErrorCode),
            Is.EqualTo((UsageStatus.Settled, UsageSource.Provider, 123, (string?)null)));
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 123, 0)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Release_WhenTheHoldHasExpired_GivesRequestAndMoneyBack()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var id = await books.HoldAsync(user, 500);
        await books.LoseSightAsync();
        await books.ReleaseAsync(id);

        Assert.That((await books.FindAsync(id))!.Status, Is.EqualTo(UsageStatus.Released));
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(0, 0, 0, 0)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Sweep_WhenThereAreMoreThanOneTransactionTakes_TakesThemAll()
    {
        await using var books = await Books.OpenAsync(kind, new LedgerSettings { BatchSize = 4 });
        var user = await books.AddUserAsync();
        await Task.WhenAll(Enumerable.Range(0, 18).Select(_ => books.HoldAsync(user, 10)));
        await books.LoseSightAsync();
        for (var i = 0; i < 5; i++) await books.CatchUpAsync();

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(18, 18, 180, 0)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Renewal_WhenThereAreMoreThanOneTransactionTakes_RenewsThemAll()
    {
        await using var books = await Books.OpenAsync(kind, new LedgerSettings { BatchSize = 4 });
        var user = await books.AddUserAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 18).Select(_ => books.HoldAsync(user, 10)));
        books.Clock.Advance(Lease / 3);
        for (var i = 0; i < 6; i++) await books.CatchUpAsync();

        foreach (var id in ids) Assert.That((await books.FindAsync(id))!.LeaseExpiresAt, Is.EqualTo(books.Clock.GetUtcNow() + Lease));
    }

    [Test]
    public async Task Renewal_WhenAnotherGatewayExpiredTheHold_DoesNotReviveIt()
    {
        await using var books = await Books.OpenAsync(kind, alone: true);
        var user = await books.AddUserAsync();
        var id = await books.HoldAsync(user, 500);
        await books.Database.TamperAsync("UPDATE usage_records SET status = 3, cost_nano_usd = held_nano_usd");
        books.Clock.Advance(Lease / 3);
        await books.CatchUpAsync();

        var record = (await books.FindAsync(id))!;

        Assert.That((record.Status, record.LeaseExpiresAt), Is.EqualTo((UsageStatus.Expired, Books.Noon + Lease)));
    }
}
