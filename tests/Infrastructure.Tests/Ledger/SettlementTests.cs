using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Tests.Ledger;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class SettlementTests(DatabaseKind kind)
{
    [Test]
    public async Task Hold_WhenGranted_IsInTheLedgerAsHeld()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var id = await ledger.HoldAsync(user, 123_456_789);

        var record = await ledger.FindAsync(id);

        Assert.That(record, Is.Not.Null);
        Assert.That(
            (record!.UserId, record.ApiKeyId, record.CreatedAt, record.Day, record.Month),
            Is.EqualTo((user, (Guid?)null, TestLedger.Noon, new DateOnly(2026, 11, 15), new DateOnly(2026, 11, 1))));
        Assert.That(
            (record.RequestedModel, record.Model, record.Provider, record.EndUser, record.PriceVersion),
            Is.EqualTo(("model-asked", "model", "openai", "end-user", "prices-1")));
        Assert.That((record.Status, record.UsageSource), Is.EqualTo((UsageStatus.Held, UsageSource.None)));
        Assert.That((record.PromptTokens, record.CompletionTokens), Is.EqualTo((11, 22)));
        Assert.That((record.HeldNanoUsd, record.CostNanoUsd, record.LatencyMs), Is.EqualTo((123_456_789, 0, (long?)null)));
        Assert.That(record.LeaseExpiresAt, Is.EqualTo(TestLedger.Noon.AddSeconds(30)));
    }

    [Test]
    public async Task Settle_WhenTheProviderNamesNoModel_KeepsTheModelOfTheHold()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var id = await ledger.HoldAsync(await ledger.AddUserAsync());
        await ledger.Ledger.SettleAsync(TestLedger.Settled(id, cost: 1) with { Model = "" });

        Assert.That((await ledger.FindAsync(id))!.Model, Is.EqualTo("model"));
    }

    [Test]
    public async Task Settle_WhenHeld_ChargesTheCostAndReleasesTheRest()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var id = await ledger.HoldAsync(user, 1000);
        await ledger.HoldAsync(user, 1);
        await ledger.SettleAsync(id, cost: 333);

        var record = (await ledger.FindAsync(id))!;

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(2, 2, 333, 1)));
        Assert.That(
            (record.Status, record.UsageSource, record.Model, record.Provider, record.RequestedModel),
            Is.EqualTo((UsageStatus.Settled, UsageSource.Provider, "model-2026", "echo", "model-asked")));
        Assert.That(
            (record.PromptTokens, record.CompletionTokens, record.CachedPromptTokens, record.CacheWriteTokens, record.ReasoningTokens),
            Is.EqualTo((7, 5, 3, 2, 1)));
        Assert.That(
            (record.HeldNanoUsd, record.CostNanoUsd, record.LatencyMs, record.TimeToFirstTokenMs, record.ErrorCode),
            Is.EqualTo((1000, 333, (long?)1234, (long?)56, (string?)null)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_WithoutAwaiting_IsInTheLedgerAfterAFlush()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ledger.HoldAsync(user, 1000)));
        foreach (var id in ids) _ = ledger.SettleAsync(id, cost: 3);

        await ledger.Ledger.FlushAsync();

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(50, 50, 150, 0)));
    }

    [Test]
    public async Task Settle_WithoutAwaiting_IsWrittenBeforeTheNextHold()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(null, null, 1000));
        for (var i = 0; i < 20; i++)
        {
            var id = await ledger.HoldAsync(user, 900);
            _ = ledger.SettleAsync(id, cost: 5);
        }

        await ledger.Ledger.FlushAsync();

        Assert.That((await ledger.UseAsync(user)).MonthSettledNanoUsd, Is.EqualTo(100));
    }

    [Test]
    public async Task Settle_WhenReleased_ReleasesRequestAndCost()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(1, 1, 1000));
        var id = await ledger.HoldAsync(user, 1000);
        await ledger.ReleaseAsync(id);

        var record = (await ledger.FindAsync(id))!;

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(0, 0, 0, 0)));
        Assert.That(
            (record.Status, record.CostNanoUsd, record.ErrorCode, record.Model, record.Provider),
            Is.EqualTo((UsageStatus.Released, 0, "provider_timeout", "model", "openai")));
        Assert.That(await ledger.TryHoldAsync(user, 1000), Is.Null, "the released amount can be held again");
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_WhenRepeated_ChangesNothing()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var settled = await ledger.HoldAsync(user);
        var released = await ledger.HoldAsync(user);
        await ledger.SettleAsync(settled, cost: 40);
        await ledger.ReleaseAsync(released);

        await ledger.SettleAsync(settled, cost: 50);
        await ledger.ReleaseAsync(settled);
        await ledger.SettleAsync(released, cost: 60);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ledger.SettleAsync(settled, cost: 70)));

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 40, 0)));
        Assert.That((await ledger.FindAsync(settled))!.CostNanoUsd, Is.EqualTo(40));
        Assert.That((await ledger.FindAsync(released))!.Status, Is.EqualTo(UsageStatus.Released));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_WhenTwoForOneRequestMeetInATransaction_ChargesTheFirst()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var id = await ledger.HoldAsync(user);
        await ledger.CrashAsync(started: false);
        Task[] settlements = [ledger.SettleAsync(id, cost: 10), ledger.SettleAsync(id, cost: 20), ledger.ReleaseAsync(id)];
        await ledger.StartAsync();
        await Task.WhenAll(settlements);

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 10, 0)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_WhenRequestIsUnknown_ChangesNothing()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        var id = ledger.NextId();
        await ledger.SettleAsync(id, cost: 5);

        Assert.That(await ledger.FindAsync(id), Is.Null);
        Assert.That((await ledger.Ledger.VerifyAsync(CancellationToken.None)).Rows, Is.Zero);
    }

    [Test]
    public async Task Settle_WhenTheCostExceedsTheHold_ChargesTheTrueCost()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        await ledger.SettleAsync(await ledger.HoldAsync(user, 10), cost: 25);

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 25, 0)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Settle_WhenTheProvidersModelNameCannotBeStored_ChargesTheCostAndStoresWhatFits()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var id = await ledger.HoldAsync(await ledger.AddUserAsync());
        await ledger.Ledger.SettleAsync(TestLedger.Settled(id, 9) with { Model = "a\0b\ud800" + new string('x', 300) });

        var record = (await ledger.FindAsync(id))!;

        Assert.That((record.CostNanoUsd, record.Model.Length), Is.EqualTo((9, 200)));
        Assert.That(record.Model, Does.StartWith("ab\ufffdxxx"));
    }

    [Test]
    public async Task Settle_WhenReleasedWithACost_ChargesNone()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var id = await ledger.HoldAsync(user);
        await ledger.Ledger.SettleAsync(TestLedger.Released(id) with { CostNanoUsd = 77 });

        Assert.That((await ledger.FindAsync(id))!.CostNanoUsd, Is.Zero);
        await ledger.AssertBalancedAsync();
    }
}
