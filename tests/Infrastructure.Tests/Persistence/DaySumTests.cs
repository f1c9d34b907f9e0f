using AiGateway.Application.Usage;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Reports;
using AiGateway.Infrastructure.Tests.Archive;
using AiGateway.Infrastructure.Tests.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiGateway.Infrastructure.Tests.Persistence;

/// <summary>Days that were added up answer for their records, and only as long as they are right.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class DaySumTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Morning = Books.Noon.AddDays(-10).AddHours(-3);

    [Test]
    public async Task Sum_OfDaysThatWereAddedUp_IsTheSameAndDoesNotReadTheirRecords()
    {
        await using var books = await FilledAsync();
        var before = await SumsAsync(books);

        Assert.That(await KeepAsync(books), Is.EqualTo(3), "yesterday and today are not over");

        Assert.That(await SumsAsync(books), Is.EqualTo(before));
        await books.Database.TamperAsync("UPDATE usage_records SET prompt_tokens = prompt_tokens + 1000");
        Assert.That((await SumAsync(books, null, null)).PromptTokens, Is.EqualTo((7 * 5) + 2000), "the records of the last two days alone");
        Assert.That(await KeepAsync(books), Is.Zero);
    }

    [Test]
    public async Task Sum_OfAWindowThatCutsDays_ReadsTheirRecords()
    {
        await using var books = await FilledAsync();
        await KeepAsync(books);

        Assert.That((await SumAsync(books, Morning.AddMilliseconds(1), null)).Requests, Is.EqualTo(4));
        Assert.That((await SumAsync(books, Morning, Morning.AddDays(2))).Requests, Is.EqualTo(2));
        Assert.That((await SumAsync(books, Morning, Morning.AddDays(2).AddMilliseconds(1))).Requests, Is.EqualTo(3));
        Assert.That((await SumAsync(books, Morning, Morning.AddMilliseconds(1))).Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Sum_WhenADayChangedAfterItWasAddedUp_IsRightAtOnce()
    {
        await using var books = await FilledAsync();
        var user = await books.AddUserAsync();
        var late = await books.HoldAsync(user, 100, Morning);
        await books.LoseSightAsync();
        await KeepAsync(books);
        Assert.That((await SumAsync(books, null, null)).CostNanoUsd, Is.EqualTo(105));

        await books.SettleAsync(late, 40);
        await ArchiveTests.SettledAsync(books, user, Morning.AddDays(1), 3);

        Assert.That((await SumAsync(books, null, null)).CostNanoUsd, Is.EqualTo(48));
        Assert.That(await KeepAsync(books), Is.EqualTo(2));
        Assert.That((await SumAsync(books, null, null)).CostNanoUsd, Is.EqualTo(48));
    }

    [Test]
    public async Task Keep_OfADayWithARequestUnderWay_WaitsForItsEnd()
    {
        await using var books = await FilledAsync();
        var held = await books.HoldAsync(await books.AddUserAsync(), 100, Morning);

        Assert.That(await KeepAsync(books), Is.EqualTo(2));
        Assert.That((await SumAsync(books, null, null)).HeldNanoUsd, Is.EqualTo(100));

        await books.SettleAsync(held, 1);
        Assert.That(await KeepAsync(books), Is.EqualTo(1));
        Assert.That((await SumAsync(books, null, null)).CostNanoUsd, Is.EqualTo(6));
    }

    [Test]
    public async Task Archive_OfDaysThatWereAddedUp_CountsThemOnce()
    {
        await using var books = await FilledAsync(TimeSpan.FromDays(-90));
        using var archivist = new Archivist(books);
        await KeepAsync(books);
        var before = await SumsAsync(books);

        await archivist.ArchiveAsync(new DateOnly(2026, 8, 8));

        Assert.That(await SumsAsync(books), Is.EqualTo(before));
        Assert.That(await KeepAsync(books), Is.Zero, "what is archived answers for itself");
        await books.AssertBalancedAsync();
    }

    /// <summary>A request a day on three days that are over, one of yesterday and one of today.</summary>
    private async Task<Books> FilledAsync(TimeSpan shift = default)
    {
        var books = await Books.OpenAsync(kind, alone: true);
        var user = await books.AddUserAsync();
        foreach (var days in (int[])[0, 1, 2]) await ArchiveTests.SettledAsync(books, user, Morning.AddDays(days) + shift, 1);
        await ArchiveTests.SettledAsync(books, user, Books.Noon.AddDays(-1), 1);
        await ArchiveTests.SettledAsync(books, user, Books.Noon, 1);
        return books;
    }

    private static Task<int> KeepAsync(Books books) =>
        new DailyUsageJob(books.Database.Contexts, new TestClock(Books.Noon), NullLogger<DailyUsageJob>.Instance).RunOnceAsync(default);

    /// <summary>All groups together.</summary>
    private static async Task<UsageSum> SumAsync(Books books, DateTimeOffset? from, DateTimeOffset? to)
    {
        var sums = await new UsageReports(books.Database.Contexts).SumAsync(UsageGrouping.Provider, from, to, default);
        return new UsageSum(
            "",
            sums.Sum(sum => sum.Requests),
            sums.Sum(sum => sum.PromptTokens),
            sums.Sum(sum => sum.CompletionTokens),
            sums.Sum(sum => sum.CostNanoUsd),
            sums.Sum(sum => sum.HeldNanoUsd));
    }

    private static Task<string> SumsAsync(Books books) => ArchiveTests.AllSumsAsync(books);
}
