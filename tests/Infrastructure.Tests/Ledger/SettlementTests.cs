using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Tests.Ledger;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class SettlementTests(DatabaseKind kind)
{
    [Test]
    public async Task Hold_WhenGranted_IsInTheBooksAsHeld()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var id = await books.HoldAsync(user, 123_456_789);

        var record = await books.FindAsync(id);

        Assert.That(record, Is.Not.Null);
        Assert.That(
            (record!.UserId, record.ApiKeyId, record.CreatedAt, record.Day, record.Month),
            Is.EqualTo((user, (Guid?)null, Books.Noon, new DateOnly(2026, 11, 15), new DateOnly(2026, 11, 1))));
        Assert.That(
            (record.RequestedModel, record.Model, record.Provider, record.EndUser, record.PriceVersion),
            Is.EqualTo(("model-asked", "model", "openai", "end-user", "prices-1")));
        Assert.That((record.Status, record.UsageSource), Is.EqualTo((UsageStatus.Held, UsageSource.None)));
        Assert.That((record.PromptTokens, record.CompletionTokens), Is.EqualTo((11, 22)));
        Assert.That((record.HeldNanoUsd, record.CostNanoUsd, record.LatencyMs), Is.EqualTo((123_456_789, 0, (long?)null)));
        Assert.That(record.LeaseExpiresAt, Is.EqualTo(Books.Noon.AddSeconds(30)));
    }

    [Test]
    public async Task Settle_WhenTheProviderNamesNoModel_KeepsTheOneThatWasHeld()
    {
        await using var books = await Books.OpenAsync(kind);
        var id = await books.HoldAsync(await books.AddUserAsync());
        await books.Ledger.SettleAsync(Books.Settled(id, cost: 1) with { Model = "" });

        Assert.That((await books.FindAsync(id))!.Model, Is.EqualTo("model"));
    }

    [Test]
    public async Task Settle_WhenHeld_BooksTheCostAndGivesTheRestBack()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var id = await books.HoldAsync(user, 1000);
        await books.HoldAsync(user, 1);
        await books.SettleAsync(id, cost: 333);

        var record = (await books.FindAsync(id))!;

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(2, 2, 333, 1)));
        Assert.That(
            (record.Status, record.UsageSource, record.Model, record.Provider, record.RequestedModel),
            Is.EqualTo((UsageStatus.Settled, UsageSource.Provider, "model-2026", "echo", "model-asked")));
        Assert.That(
            (record.PromptTokens, record.CompletionTokens, record.CachedPromptTokens, record.CacheWriteTokens, record.ReasoningTokens),
            Is.EqualTo((7, 5, 3, 2, 1)));
        Assert.That(
            (record.HeldNanoUsd, record.CostNanoUsd, record.LatencyMs, record.TimeToFirstTokenMs, record.ErrorCode),
            Is.EqualTo((1000, 333, (long?)1234, (long?)56, (string?)null)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_WhenNobodyWaitsForIt_IsInTheBooksOnceTheyAreCaughtUp()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => books.HoldAsync(user, 1000)));
        foreach (var id in ids) _ = books.SettleAsync(id, cost: 3);

        await books.Ledger.CatchUpAsync();

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(50, 50, 150, 0)));
    }

    [Test]
    public async Task Settle_WhenNobodyWaitsForIt_IsAheadOfTheNextHold()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync(new QuotaLimits(null, null, 1000));
        for (var i = 0; i < 20; i++)
        {
            var id = await books.HoldAsync(user, 900);
            _ = books.SettleAsync(id, cost: 5);
        }

        await books.Ledger.CatchUpAsync();

        Assert.That((await books.UseAsync(user)).MonthSettledNanoUsd, Is.EqualTo(100));
    }

    [Test]
    public async Task Settle_WhenReleased_GivesRequestAndMoneyBack()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync(new QuotaLimits(1, 1, 1000));
        var id = await books.HoldAsync(user, 1000);
        await books.ReleaseAsync(id);

        var record = (await books.FindAsync(id))!;

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(0, 0, 0, 0)));
        Assert.That(
            (record.Status, record.CostNanoUsd, record.ErrorCode, record.Model, record.Provider),
            Is.EqualTo((UsageStatus.Released, 0, "provider_timeout", "model", "openai")));
        Assert.That(await books.TryHoldAsync(user, 1000), Is.Null, "the room is there again");
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_WhenRepeated_ChangesNothing()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var settled = await books.HoldAsync(user);
        var released = await books.HoldAsync(user);
        await books.SettleAsync(settled, cost: 40);
        await books.ReleaseAsync(released);

        await books.SettleAsync(settled, cost: 50);
        await books.ReleaseAsync(settled);
        await books.SettleAsync(released, cost: 60);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => books.SettleAsync(settled, cost: 70)));

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 40, 0)));
        Assert.That((await books.FindAsync(settled))!.CostNanoUsd, Is.EqualTo(40));
        Assert.That((await books.FindAsync(released))!.Status, Is.EqualTo(UsageStatus.Released));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_WhenTwoForOneRequestMeetInATransaction_BooksTheFirst()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var id = await books.HoldAsync(user);
        await books.CrashAsync(started: false);
        Task[] settlements = [books.SettleAsync(id, cost: 10), books.SettleAsync(id, cost: 20), books.ReleaseAsync(id)];
        await books.StartAsync();
        await Task.WhenAll(settlements);

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 10, 0)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_WhenRequestIsUnknown_ChangesNothing()
    {
        await using var books = await Books.OpenAsync(kind, alone: true);
        var id = books.NextId();
        await books.SettleAsync(id, cost: 5);

        Assert.That(await books.FindAsync(id), Is.Null);
        Assert.That((await books.Ledger.VerifyAsync(CancellationToken.None)).Rows, Is.Zero);
    }

    [Test]
    public async Task Settle_WhenTheCostExceedsTheHold_BooksTheTruth()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        await books.SettleAsync(await books.HoldAsync(user, 10), cost: 25);

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 25, 0)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_WhenTheProvidersModelNameIsHostile_BooksTheCostUnderWhatFits()
    {
        await using var books = await Books.OpenAsync(kind);
        var id = await books.HoldAsync(await books.AddUserAsync());
        await books.Ledger.SettleAsync(Books.Settled(id, 9) with { Model = "a\0b\ud800" + new string('x', 300) });

        var record = (await books.FindAsync(id))!;

        Assert.That((record.CostNanoUsd, record.Model.Length), Is.EqualTo((9, 200)));
        Assert.That(record.Model, Does.StartWith("ab\ufffdxxx"));
    }

    [Test]
    public async Task Settle_WhenReleasedWithACost_BooksNone()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var id = await books.HoldAsync(user);
        await books.Ledger.SettleAsync(Books.Released(id) with { CostNanoUsd = 77 });

        Assert.That((await books.FindAsync(id))!.CostNanoUsd, Is.Zero);
        await books.AssertBalancedAsync();
    }
}
