using AiGateway.Application.Administration;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Archive;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Tests.Ledger;

namespace AiGateway.Infrastructure.Tests.Persistence.Stores;

/// <summary>The true cost of a request is entered later. The counters follow, and the ledger balances.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class UsageCorrectionTests(DatabaseKind kind)
{
    private static readonly Guid Administrator = new("0199c0de-0000-7000-8000-00000000ad31");
    private static readonly Actor Actor = new(Administrator, ActorVia.Token, null, Scopes.All, null);

    [Test]
    public async Task Correct_OfASettledRequest_ChangesTheCountersOfItsPeriodEvenAboveALimit()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(null, null, 1_000));
        var id = await ledger.HoldAsync(user, 1_000);
        await ledger.SettleAsync(id, cost: 400);
        ledger.Pass(TimeSpan.FromDays(40));

        var correction = await CorrectAsync(ledger, id, 5_000);

        Assert.That(
            (correction.RequestId, correction.PreviousCostNanoUsd, correction.CostNanoUsd, correction.CorrectedBy, correction.Reason),
            Is.EqualTo((id, 400L, 5_000L, Administrator, "invoice")));
        Assert.That(await ledger.UseAsync(user, TestLedger.Noon), Is.EqualTo(new QuotaUse(1, 1, 5_000, 0)));
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(0, 0, 0, 0)));
        var record = (await ledger.FindAsync(id))!;
        Assert.That((record.Status, record.UsageSource, record.CostNanoUsd), Is.EqualTo((UsageStatus.Settled, UsageSource.Corrected, 5_000L)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Correct_Repeated_KeepsEveryEntry()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var id = await ledger.HoldAsync(user);
        await ledger.SettleAsync(id, cost: 10);

        await CorrectAsync(ledger, id, 30);
        ledger.Clock.Advance(TimeSpan.FromSeconds(1));
        await CorrectAsync(ledger, id, 20);

        var entries = await Corrections(ledger).ListAsync(id, CancellationToken.None);
        Assert.That(entries.Select(entry => (entry.PreviousCostNanoUsd, entry.CostNanoUsd)), Is.EqualTo([(10L, 30L), (30L, 20L)]));
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 20, 0)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Correct_OfAReleasedRequest_CountsItAgain()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var id = await ledger.HoldAsync(user);
        await ledger.ReleaseAsync(id);

        await CorrectAsync(ledger, id, 7);

        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 7, 0)));
        Assert.That((await ledger.FindAsync(id))!.Status, Is.EqualTo(UsageStatus.Settled));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Correct_OfAnExpiredRequest_StaysWhenASettlementComesLate()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        var user = await ledger.AddUserAsync();
        var id = await ledger.HoldAsync(user);
        await ledger.ExpireAsync();

        await CorrectAsync(ledger, id, 30);
        await ledger.SettleAsync(id, cost: 50);

        Assert.That((await ledger.UseAsync(user)).MonthSettledNanoUsd, Is.EqualTo(30));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Correct_OfARequestUnderWay_IsAConflict()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var id = await ledger.HoldAsync(await ledger.AddUserAsync());

        Assert.That(await TestLedger.CodeOfAsync(CorrectAsync(ledger, id, 1)), Is.EqualTo(ErrorCode.Conflict));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Correct_OfAnUnknownRequest_IsNotFound()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);

        Assert.That(await TestLedger.CodeOfAsync(CorrectAsync(ledger, ledger.NextId(), 1)), Is.EqualTo(ErrorCode.NotFound));
    }

    [Test]
    public async Task Correct_ByManyAtOnceBesideTheWriter_Balances()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ledger.HoldAsync(user)));
        foreach (var id in ids) await ledger.SettleAsync(id, cost: 1);

        var writing = Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await ledger.SettleAsync(await ledger.HoldAsync(user), cost: 3)));
        await Task.WhenAll(ids.Select(id => Task.Run(() => CorrectAsync(ledger, id, 11))));
        await writing;

        Assert.That((await ledger.UseAsync(user)).MonthSettledNanoUsd, Is.EqualTo(10 * 11 + 20 * 3));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Archive_OfACorrectedRecord_KeepsTheCorrectedCost()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        var user = await ledger.AddUserAsync();
        var id = await ledger.HoldAsync(user);
        await ledger.SettleAsync(id, cost: 10);
        var stale = (await ledger.FindAsync(id))!;
        await CorrectAsync(ledger, id, 30);
        var archive = new UsageArchive(ledger.Database.Contexts, TimeProvider.System);

        Assert.That(await archive.RemoveAsync([stale], Actor, null, CancellationToken.None), Is.Zero, "the record has changed since it was read");
        Assert.That(await archive.RemoveAsync([(await ledger.FindAsync(id))!], Actor, null, CancellationToken.None), Is.EqualTo(1));

        Assert.That((await ledger.UseAsync(user)).MonthSettledNanoUsd, Is.EqualTo(30));
        await ledger.AssertBalancedAsync();
    }

    private static UsageCorrections Corrections(TestLedger ledger) => new(ledger.Database.Contexts, ledger.Clock);

    private static Task<UsageCorrection> CorrectAsync(TestLedger ledger, Guid id, long cost) =>
        Corrections(ledger).CorrectAsync(new NewCorrection(id, cost, "invoice"), Actor, CancellationToken.None);
}
