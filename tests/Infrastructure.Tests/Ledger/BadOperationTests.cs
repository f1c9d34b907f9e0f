using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Tests.Ledger;

/// <summary>One operation that can never be booked must fail alone, also when others share its transaction.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class BadOperationTests(DatabaseKind kind)
{
    [Test]
    public async Task Hold_WhenItsRequestIdIsInTheBooks_FailsAloneAsConflict()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var earlier = await books.HoldAsync(user, 1);
        var ended = await books.HoldAsync(user, 50);
        await books.CrashAsync(started: false);

        var good = Enumerable.Range(0, 5).Select(_ => books.TryHoldAsync(user, 10)).ToList();
        var twice = books.Ledger.HoldAsync(books.NewHold(user) with { RequestId = earlier }, CancellationToken.None);
        var settled = books.SettleAsync(ended, cost: 7);
        good.AddRange(Enumerable.Range(0, 5).Select(_ => books.TryHoldAsync(user, 10)));
        await books.StartAsync();

        Assert.That(await Task.WhenAll(good), Has.All.Null);
        Assert.That(await Books.CodeOfAsync(twice), Is.EqualTo(ErrorCode.Conflict));
        await settled;
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(12, 12, 7, 101)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenTwoWithOneRequestIdMeetInATransaction_TheFirstIsGranted()
    {
        await using var books = await Books.OpenAsync(kind, started: false);
        var user = await books.AddUserAsync();
        var hold = books.NewHold(user, 10);
        var first = books.Ledger.HoldAsync(hold, CancellationToken.None);
        var second = books.Ledger.HoldAsync(hold, CancellationToken.None);
        await books.StartAsync();

        Assert.That(await first, Is.Null);
        Assert.That(await Books.CodeOfAsync(second), Is.EqualTo(ErrorCode.Conflict));
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 0, 10)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenItsUserDoesNotExist_FailsAlone()
    {
        await using var books = await Books.OpenAsync(kind, started: false);
        var user = await books.AddUserAsync();
        var nobody = books.TryHoldAsync(books.NextId());
        var good = books.TryHoldAsync(user);
        await books.StartAsync();

        Assert.That(await Books.CodeOfAsync(nobody), Is.EqualTo(ErrorCode.InternalError));
        Assert.That(await good, Is.Null);
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenTheSumWouldOverflow_FailsAloneAndBooksNothing()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        await books.HoldAsync(user, long.MaxValue);

        Assert.That(
            await Books.CodeOfAsync(books.TryHoldAsync(user, 1)), Is.EqualTo(ErrorCode.InternalError));
        Assert.That(await books.TryHoldAsync(user, 0), Is.Null);
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(2, 2, 0, long.MaxValue)));
    }

    [Test]
    public async Task Hold_WhenALimitMeetsAnEnormousNeed_IsRefusedAndDoesNotOverflow()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync(new QuotaLimits(null, null, 1000));
        await books.HoldAsync(user, 1000);

        Assert.That((await books.TryHoldAsync(user, long.MaxValue))!.NeededAmount, Is.EqualTo(long.MaxValue));
    }

    [Test]
    public async Task Hold_WhenNegative_IsNoHold()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => books.TryHoldAsync(user, -1));
    }

    [Test]
    public async Task Settle_WhenTheCostIsNegative_IsLeftOutAndTheHoldIsBookedWhenItsLeaseEnds()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var (bad, good) = (await books.HoldAsync(user, 100), await books.HoldAsync(user, 200));
        await Task.WhenAll(books.SettleAsync(bad, cost: -1), books.SettleAsync(good, cost: 20));
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(2, 2, 20, 100)));

        books.Clock.Advance(TimeSpan.FromMinutes(1));
        await books.CatchUpAsync();

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(2, 2, 120, 0)), "nobody renews its lease");
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_WhenTheCountersWouldOverflow_IsLeftOut()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        await books.SettleAsync(await books.HoldAsync(user, 1), cost: long.MaxValue);
        var id = await books.HoldAsync(user, 0);
        await books.SettleAsync(id, cost: 1);

        Assert.That((await books.FindAsync(id))!.Status, Is.EqualTo(UsageStatus.Held));
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(2, 2, long.MaxValue, 0)));
        Assert.That(books.Log.Lines, Has.One.Contains($"Ledger operation for request {id} was rejected and skipped"));
    }
}
