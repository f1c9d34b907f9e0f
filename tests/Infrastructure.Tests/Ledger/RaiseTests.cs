using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Tests.Ledger;

/// <summary>A further attempt holds its own money, for the same request.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class RaiseTests(DatabaseKind kind)
{
    [Test]
    public async Task Raise_WithCapacity_HoldsMoreForTheSameRequest()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync(new QuotaLimits(1, 1, 300));
        var hold = await HoldAsync(books, user);

        Assert.That(await books.Ledger.RaiseHoldAsync(hold, 200), Is.True);

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 0, 300)));
        Assert.That((await books.FindAsync(hold.RequestId))!.HeldNanoUsd, Is.EqualTo(300));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Raise_WithoutCapacity_ChangesNothing()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync(new QuotaLimits(null, null, 299));
        var hold = await HoldAsync(books, user);

        Assert.That(await books.Ledger.RaiseHoldAsync(hold, 200), Is.False);

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 0, 100)));
        Assert.That((await books.FindAsync(hold.RequestId))!.HeldNanoUsd, Is.EqualTo(100));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Raise_OfManyAtOnce_NeverExceedsTheLimit()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync(new QuotaLimits(null, null, 20 * 100 + 7 * 100 + 50));
        var holds = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => HoldAsync(books, user)));

        var granted = await Task.WhenAll(holds.Select(hold => books.Ledger.RaiseHoldAsync(hold, 100)));

        Assert.That(granted.Count(each => each), Is.EqualTo(7));
        Assert.That((await books.UseAsync(user)).MonthHeldNanoUsd, Is.EqualTo(2_700));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Raise_OfAHoldThatIsSettled_IsRefused()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var hold = await HoldAsync(books, user);
        await books.SettleAsync(hold.RequestId, cost: 5);

        Assert.That(await books.Ledger.RaiseHoldAsync(hold, 200), Is.False);

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 5, 0)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Raise_ThatIsSettled_GivesBackWhatIsNotCharged()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var hold = await HoldAsync(books, user);
        await books.Ledger.RaiseHoldAsync(hold, 200);

        await books.SettleAsync(hold.RequestId, cost: 120);

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 120, 0)));
        Assert.That((await books.FindAsync(hold.RequestId))!.AboveHold, Is.False);
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Raise_WhenItsGatewayDies_IsChargedInFull()
    {
        await using var books = await Books.OpenAsync(kind, alone: true);
        var user = await books.AddUserAsync();
        var hold = await HoldAsync(books, user);
        await books.Ledger.RaiseHoldAsync(hold, 200);

        await books.LoseSightAsync();

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 300, 0)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Raise_WhenTheLedgerHasStopped_IsRefused()
    {
        await using var books = await Books.OpenAsync(kind);
        var hold = books.NewHold(await books.AddUserAsync());
        await books.StopAsync();

        Assert.That(await books.Ledger.RaiseHoldAsync(hold, 1), Is.False);
    }

    [Test]
    public async Task Settle_OfUnknownOutcome_IsChargedAndStaysCounted()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var hold = await HoldAsync(books, user);
        RequestAttempt[] attempts =
        [
            new("openai", "gpt-é", AttemptOutcome.Refused, 0, 12),
            new("azure-openai", "gpt-é", AttemptOutcome.Unknown, 100, 30_000),
        ];

        await books.Ledger.SettleAsync(new Settlement
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

        var record = (await books.FindAsync(hold.RequestId))!;
        Assert.That(
            (record.Status, record.UsageSource, record.CostNanoUsd, record.AboveHold),
            Is.EqualTo((UsageStatus.Unknown, UsageSource.Held, 100L, false)));
        Assert.That(record.Attempts, Is.EqualTo(attempts));
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 100, 0)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_AboveTheHold_IsFlagged()
    {
        await using var books = await Books.OpenAsync(kind);
        var hold = await HoldAsync(books, await books.AddUserAsync());

        await books.SettleAsync(hold.RequestId, cost: 101);

        Assert.That((await books.FindAsync(hold.RequestId))!.AboveHold, Is.True);
    }

    private static async Task<Hold> HoldAsync(Books books, Guid user)
    {
        var hold = books.NewHold(user);
        Assert.That(await books.Ledger.HoldAsync(hold, CancellationToken.None), Is.Null);
        return hold;
    }
}
