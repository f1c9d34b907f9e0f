using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Tests.Ledger;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class VerifyTests(DatabaseKind kind)
{
    private static readonly QuotaPeriod Day = QuotaPeriod.DayOf(TestLedger.Noon);
    private static readonly QuotaPeriod Month = QuotaPeriod.MonthOf(TestLedger.Noon);

    [Test]
    public async Task Verify_WithEveryKindOfRecord_FindsNoDifference()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        await FillAsync(ledger);

        var found = await ledger.Ledger.VerifyAsync(CancellationToken.None);

        Assert.That((found.Balanced, found.Rows, found.Held), Is.EqualTo((true, 4, 1)));
    }

    [Test]
    public async Task Verify_WhenACounterWasChanged_NamesEachField()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        var user = await FillAsync(ledger);
        await ledger.Database.TamperAsync(
            "UPDATE quota_counters SET requests = requests + 1, settled_nano_usd = settled_nano_usd - 2 WHERE kind = 1");
        await ledger.Database.TamperAsync("UPDATE quota_counters SET held_nano_usd = 0 WHERE kind = 2");

        var found = await ledger.Ledger.VerifyAsync(CancellationToken.None);

        Assert.That(found.Differences, Is.EqualTo((LedgerDifference[])
        [
            new(user, Day, "requests", 4, 3),
            new(user, Day, "settled", 78, 80),
            new(user, Month, "held", 0, 400),
        ]));
    }

    [Test]
    public async Task Verify_WhenARecordIsGoneOrChanged_NamesTheDifference()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        var user = await FillAsync(ledger);
        await ledger.Database.TamperAsync("DELETE FROM usage_records WHERE status = 0");
        await ledger.Database.TamperAsync("UPDATE usage_records SET cost_nano_usd = cost_nano_usd + 1 WHERE status = 1");

        var found = await ledger.Ledger.VerifyAsync(CancellationToken.None);

        Assert.That(found.Rows, Is.EqualTo(3));
        Assert.That(found.Differences, Is.EqualTo((LedgerDifference[])
        [
            new(user, Day, "requests", 3, 2), new(user, Day, "settled", 80, 81), new(user, Day, "held", 400, 0),
            new(user, Month, "requests", 3, 2), new(user, Month, "settled", 80, 81), new(user, Month, "held", 400, 0),
        ]));
    }

    [Test]
    public async Task Verify_WhenACounterIsMissing_NamesTheDifference()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        var user = await FillAsync(ledger);
        await ledger.Database.TamperAsync("DELETE FROM quota_counters WHERE kind = 2");

        var found = await ledger.Ledger.VerifyAsync(CancellationToken.None);

        Assert.That(found.Differences, Is.EqualTo((LedgerDifference[])
        [
            new(user, Month, "requests", 0, 3), new(user, Month, "settled", 0, 80), new(user, Month, "held", 0, 400),
        ]));
    }

    [Test]
    public async Task Verify_WhileTheLedgerIsWritten_ReadsOneStateAndLeavesNoLock()
    {
        if (kind == DatabaseKind.SqlServer) Assert.Ignore("Without snapshot isolation, which the database's owner must allow, consistent readers and writers block each other.");
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        var user = await ledger.AddUserAsync();
        var stop = false;
        var traffic = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            do await ledger.SettleAsync(await ledger.HoldAsync(user, 10), cost: 3);
            while (!Volatile.Read(ref stop));
        })));
        for (var i = 0; i < 20; i++) await ledger.AssertBalancedAsync();
        Volatile.Write(ref stop, true);
        await traffic;

        await using var writer = await ledger.Database.LockAsync();
        Assert.That((await ledger.Ledger.VerifyAsync(CancellationToken.None)).Rows, Is.GreaterThan(0));
    }

    /// <summary>Writes one record of each kind: settled at 30, released, expired at 50, and held at 400.</summary>
    private static async Task<Guid> FillAsync(TestLedger ledger)
    {
        var user = await ledger.AddUserAsync();
        await ledger.SettleAsync(await ledger.HoldAsync(user, 100), cost: 30);
        await ledger.ReleaseAsync(await ledger.HoldAsync(user, 200));
        await ledger.HoldAsync(user, 50);
        await ledger.ExpireAsync();
        await ledger.HoldAsync(user, 400, TestLedger.Noon);
        return user;
    }
}
