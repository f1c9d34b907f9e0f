using AiGateway.Application.Ports;
using AiGateway.Domain;
using AiGateway.Infrastructure.Archive;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Tests.Ledger;

namespace AiGateway.Infrastructure.Tests.Persistence;

/// <summary>What a request really cost, entered later: the counters follow, and the ledger balances.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class UsageCorrectionTests(DatabaseKind kind)
{
    private static readonly Guid Administrator = new("0199c0de-0000-7000-8000-00000000ad31");

    [Test]
    public async Task Correct_OfASettledRequest_MovesTheCountersOfItsOwnPeriodAlsoAboveALimit()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync(new QuotaLimits(null, null, 1_000));
        var id = await books.HoldAsync(user, 1_000);
        await books.SettleAsync(id, cost: 400);
        books.Clock.Advance(TimeSpan.FromDays(40));

        var correction = await CorrectAsync(books, id, 5_000);

        Assert.That(
            (correction.RequestId, correction.PreviousCostNanoUsd, correction.CostNanoUsd, correction.CorrectedBy, correction.Reason),
            Is.EqualTo((id, 400L, 5_000L, Administrator, "invoice")));
        Assert.That(await books.UseAsync(user, Books.Noon), Is.EqualTo(new QuotaUse(1, 1, 5_000, 0)));
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(0, 0, 0, 0)));
        var record = (await books.FindAsync(id))!;
        Assert.That((record.Status, record.UsageSource, record.CostNanoUsd), Is.EqualTo((UsageStatus.Settled, UsageSource.Corrected, 5_000L)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Correct_Repeated_KeepsEveryEntry()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var id = await books.HoldAsync(user);
        await books.SettleAsync(id, cost: 10);

        await CorrectAsync(books, id, 30);
        books.Clock.Advance(TimeSpan.FromSeconds(1));
        await CorrectAsync(books, id, 20);

        var entries = await Corrections(books).ListAsync(id, CancellationToken.None);
        Assert.That(entries.Select(entry => (entry.PreviousCostNanoUsd, entry.CostNanoUsd)), Is.EqualTo([(10L, 30L), (30L, 20L)]));
        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 20, 0)));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Correct_OfAReleasedRequest_CountsItAgain()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var id = await books.HoldAsync(user);
        await books.ReleaseAsync(id);

        await CorrectAsync(books, id, 7);

        Assert.That(await books.UseAsync(user), Is.EqualTo(new QuotaUse(1, 1, 7, 0)));
        Assert.That((await books.FindAsync(id))!.Status, Is.EqualTo(UsageStatus.Settled));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Correct_OfALostRequest_OutlivesALateSettlement()
    {
        await using var books = await Books.OpenAsync(kind, alone: true);
        var user = await books.AddUserAsync();
        var id = await books.HoldAsync(user);
        await books.LoseSightAsync();

        await CorrectAsync(books, id, 30);
        await books.SettleAsync(id, cost: 50);

        Assert.That((await books.UseAsync(user)).MonthSettledNanoUsd, Is.EqualTo(30));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Correct_OfARequestUnderWay_IsAConflict()
    {
        await using var books = await Books.OpenAsync(kind);
        var id = await books.HoldAsync(await books.AddUserAsync());

        Assert.That(await Books.CodeOfAsync(CorrectAsync(books, id, 1)), Is.EqualTo(ErrorCode.Conflict));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Correct_OfNoRequest_IsNotFound()
    {
        await using var books = await Books.OpenAsync(kind);

        Assert.That(await Books.CodeOfAsync(CorrectAsync(books, books.NextId(), 1)), Is.EqualTo(ErrorCode.NotFound));
    }

    [Test]
    public async Task Correct_ByManyAtOnceBesideTheWriter_Balances()
    {
        await using var books = await Books.OpenAsync(kind);
        var user = await books.AddUserAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => books.HoldAsync(user)));
        foreach (var id in ids) await books.SettleAsync(id, cost: 1);

        var writing = Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await books.SettleAsync(await books.HoldAsync(user), cost: 3)));
        await Task.WhenAll(ids.Select(id => Task.Run(() => CorrectAsync(books, id, 11))));
        await writing;

        Assert.That((await books.UseAsync(user)).MonthSettledNanoUsd, Is.EqualTo(10 * 11 + 20 * 3));
        await books.AssertBalancedAsync();
    }

    [Test]
    public async Task Archive_OfACorrectedRecord_KeepsTheCorrectedCost()
    {
        await using var books = await Books.OpenAsync(kind, alone: true);
        var user = await books.AddUserAsync();
        var id = await books.HoldAsync(user);
        await books.SettleAsync(id, cost: 10);
        var stale = (await books.FindAsync(id))!;
        await CorrectAsync(books, id, 30);
        var archive = new UsageArchive(books.Database.Contexts, TimeProvider.System);

        Assert.That(await archive.RemoveAsync([stale], CancellationToken.None), Is.Zero, "the record is no longer what was read");
        Assert.That(await archive.RemoveAsync([(await books.FindAsync(id))!], CancellationToken.None), Is.EqualTo(1));

        Assert.That((await books.UseAsync(user)).MonthSettledNanoUsd, Is.EqualTo(30));
        await books.AssertBalancedAsync();
    }

    private static UsageCorrections Corrections(Books books) => new(books.Database.Contexts, books.Clock);

    private static Task<UsageCorrection> CorrectAsync(Books books, Guid id, long cost) =>
        Corrections(books).CorrectAsync(new NewCorrection(id, cost, "invoice", Administrator), CancellationToken.None);
}
