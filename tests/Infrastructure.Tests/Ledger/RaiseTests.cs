using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Tests.Ledger;

/// <summary>A further attempt raises the hold of its request.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class RaiseTests(DatabaseKind kind)
{
    [Test]
    public async Task Raise_WithCapacity_HoldsMoreForTheSameRequest()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(1, 1, 300));
        var hold = await HoldAsync(ledger, user);

        Assert.That(await ledger.Ledger.RaiseHoldAsync(hold, 200), Is.True);

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 0, 300)));
        Assert.That((await ledger.FindAsync(hold.RequestId))!.HeldNanoUsd, Is.EqualTo(300));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Raise_WithoutCapacity_ChangesNothing()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(null, null, 299));
        var hold = await HoldAsync(ledger, user);

        Assert.That(await ledger.Ledger.RaiseHoldAsync(hold, 200), Is.False);

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 0, 100)));
        Assert.That((await ledger.FindAsync(hold.RequestId))!.HeldNanoUsd, Is.EqualTo(100));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Raise_OfManyAtOnce_NeverExceedsTheLimit()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(null, null, 20 * 100 + 7 * 100 + 50));
        var holds = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => HoldAsync(ledger, user)));

        var granted = await Task.WhenAll(holds.Select(hold => ledger.Ledger.RaiseHoldAsync(hold, 100)));

        Assert.That(granted.Count(each => each), Is.EqualTo(7));
        Assert.That((await ledger.UseAsync(user)).MonthHeldNanoUsd, Is.EqualTo(2_700));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Raise_OfAHoldThatIsSettled_IsRefused()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var hold = await HoldAsync(ledger, user);
        await ledger.SettleAsync(hold.RequestId, cost: 5);

        Assert.That(await ledger.Ledger.RaiseHoldAsync(hold, 200), Is.False);

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 5, 0)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Raise_ThatIsSettled_ReleasesWhatIsNotCharged()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var hold = await HoldAsync(ledger, user);
        await ledger.Ledger.RaiseHoldAsync(hold, 200);

        await ledger.SettleAsync(hold.RequestId, cost: 120);

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 120, 0)));
        Assert.That((await ledger.FindAsync(hold.RequestId))!.AboveHold, Is.False);
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Raise_WhenItsGatewayDies_IsChargedInFull()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        var user = await ledger.AddUserAsync();
        var hold = await HoldAsync(ledger, user);
        await ledger.Ledger.RaiseHoldAsync(hold, 200);

        await ledger.ExpireAsync();

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 300, 0)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Raise_WhenTheLedgerHasStopped_IsRefused()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var hold = ledger.NewHold(await ledger.AddUserAsync());
        await ledger.StopAsync();

        Assert.That(await ledger.Ledger.RaiseHoldAsync(hold, 1), Is.False);
    }

    [Test]
    public async Task Settle_OfUnknownOutcome_IsChargedAndStaysCounted()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var hold = await HoldAsync(ledger, user);
        RequestAttempt[] attempts =
        [
            new("openai", "gpt-é", AttemptOutcome.Refused, 0, 12),
            new("azure-openai", "gpt-é", AttemptOutcome.Unknown, 100, 30_000),
        ];

        await ledger.Ledger.SettleAsync(new Settlement
        {
            RequestId = hold.RequestId,
            Status = UsageStatus.Unknown,
            Usage = new TokenUsage(11, 22),
            UsageSource = UsageSource.Held,
            CostNanoUsd = 100,
            Attempts = attempts,
            Error = ErrorCode.ProviderTimeout,
            Latency = TimeSpan.FromSeconds(30),
        });

        var record = (await ledger.FindAsync(hold.RequestId))!;
        Assert.That(
            (record.Status, record.UsageSource, record.CostNanoUsd, record.AboveHold),
            Is.EqualTo((UsageStatus.Unknown, UsageSource.Held, 100L, false)));
        Assert.That(record.Attempts, Is.EqualTo(attempts));
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 100, 0)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_AboveTheHold_IsFlagged()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var hold = await HoldAsync(ledger, await ledger.AddUserAsync());

        await ledger.SettleAsync(hold.RequestId, cost: 101);

        Assert.That((await ledger.FindAsync(hold.RequestId))!.AboveHold, Is.True);
    }

    private static async Task<Hold> HoldAsync(TestLedger ledger, Guid user)
    {
        var hold = ledger.NewHold(user);
        Assert.That((await ledger.Ledger.HoldAsync(hold, CancellationToken.None)).IsGranted, Is.True);
        return hold;
    }
}
