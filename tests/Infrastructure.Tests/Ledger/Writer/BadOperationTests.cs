using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Tests.Ledger.Writer;

/// <summary>An operation that can never be written fails alone, even if it shares a transaction with others.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class BadOperationTests(DatabaseKind kind)
{
    [Test]
    public async Task Hold_WhenItsRequestIdIsInTheLedger_FailsAloneAsConflict()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var earlier = await ledger.HoldAsync(user, 1);
        var ended = await ledger.HoldAsync(user, 50);
        await ledger.CrashAsync(started: false);

        var good = Enumerable.Range(0, 5).Select(_ => ledger.TryHoldAsync(user, 10)).ToList();
        var twice = ledger.Ledger.HoldAsync(ledger.NewHold(user) with { RequestId = earlier }, CancellationToken.None);
        var settled = ledger.SettleAsync(ended, cost: 7);
        good.AddRange(Enumerable.Range(0, 5).Select(_ => ledger.TryHoldAsync(user, 10)));
        await ledger.StartAsync();

        Assert.That(await Task.WhenAll(good), Has.All.Null);
        Assert.That(await TestLedger.CodeOfAsync(twice), Is.EqualTo(ErrorCode.Conflict));
        await settled;
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(12, 12, 7, 101)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenTwoWithOneRequestIdMeetInATransaction_TheFirstIsGranted()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, started: false);
        var user = await ledger.AddUserAsync();
        var hold = ledger.NewHold(user, 10);
        var first = ledger.Ledger.HoldAsync(hold, CancellationToken.None);
        var second = ledger.Ledger.HoldAsync(hold, CancellationToken.None);
        await ledger.StartAsync();

        Assert.That((await first).IsGranted, Is.True);
        Assert.That(await TestLedger.CodeOfAsync(second), Is.EqualTo(ErrorCode.Conflict));
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 0, 10)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenItsUserDoesNotExist_FailsAlone()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, started: false);
        var user = await ledger.AddUserAsync();
        var nobody = ledger.TryHoldAsync(ledger.NextId());
        var good = ledger.TryHoldAsync(user);
        await ledger.StartAsync();

        Assert.That(await TestLedger.CodeOfAsync(nobody), Is.EqualTo(ErrorCode.InternalError));
        Assert.That(await good, Is.Null);
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenTheSumWouldOverflow_FailsAloneAndHoldsNothing()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        await ledger.HoldAsync(user, long.MaxValue);

        Assert.That(
            await TestLedger.CodeOfAsync(ledger.TryHoldAsync(user, 1)), Is.EqualTo(ErrorCode.InternalError));
        Assert.That(await ledger.TryHoldAsync(user, 0), Is.Null);
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(2, 2, 0, long.MaxValue)));
    }

    [Test]
    public async Task Hold_OfAnEnormousAmountAgainstALimit_IsRefusedAndDoesNotOverflow()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(null, null, 1000));
        await ledger.HoldAsync(user, 1000);

        Assert.That((await ledger.TryHoldAsync(user, long.MaxValue))!.NeededAmount, Is.EqualTo(long.MaxValue));
    }

    [Test]
    public async Task Hold_WhenNegative_Throws()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ledger.TryHoldAsync(user, -1));
    }

    [Test]
    public async Task Settle_WhenTheCostIsNegative_IsSkippedAndTheHoldIsChargedWhenItsLeaseEnds()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var (bad, good) = (await ledger.HoldAsync(user, 100), await ledger.HoldAsync(user, 200));
        await Task.WhenAll(ledger.SettleAsync(bad, cost: -1), ledger.SettleAsync(good, cost: 20));
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(2, 2, 20, 100)));

        ledger.Clock.Advance(TimeSpan.FromMinutes(1));
        await ledger.FlushAsync();

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(2, 2, 120, 0)), "the lease of the skipped settlement is not renewed");
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_WhenTheCountersWouldOverflow_IsSkipped()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        await ledger.SettleAsync(await ledger.HoldAsync(user, 1), cost: long.MaxValue);
        var id = await ledger.HoldAsync(user, 0);
        await ledger.SettleAsync(id, cost: 1);

        Assert.That((await ledger.FindAsync(id))!.Status, Is.EqualTo(UsageStatus.Held));
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(2, 2, long.MaxValue, 0)));
        Assert.That(ledger.Log.Lines, Has.One.Contains($"Ledger operation for request {id} was rejected and skipped"));
    }
}
