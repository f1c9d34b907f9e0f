using AiGateway.Application.Usage;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Reports;
using AiGateway.Infrastructure.Tests.Archive;
using AiGateway.Infrastructure.Tests.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiGateway.Infrastructure.Tests.Persistence.Reports;

/// <summary>Reports use the sums of days instead of their records, but only while the sums are correct.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class DailyUsageTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Morning = TestLedger.Noon.AddDays(-10).AddHours(-3);

    [Test]
    public async Task Sum_OfDaysWithSums_IsTheSameAndDoesNotReadTheirRecords()
    {
        await using var ledger = await FilledAsync();
        var before = await SumsAsync(ledger);

        Assert.That(await RunJobAsync(ledger), Is.EqualTo(3), "three days can be summed up, but not yet yesterday and today");

        Assert.That(await SumsAsync(ledger), Is.EqualTo(before));
        await ledger.Database.TamperAsync("UPDATE usage_records SET prompt_tokens = prompt_tokens + 1000");
        Assert.That((await SumAsync(ledger, null, null)).PromptTokens, Is.EqualTo((7 * 5) + 2000), "only the records of the last two days are read");
        Assert.That(await RunJobAsync(ledger), Is.Zero);
    }

    [Test]
    public async Task Sum_OfAWindowThatCutsDays_ReadsTheirRecords()
    {
        await using var ledger = await FilledAsync();
        await RunJobAsync(ledger);

        Assert.That((await SumAsync(ledger, Morning.AddMilliseconds(1), null)).Requests, Is.EqualTo(4));
        Assert.That((await SumAsync(ledger, Morning, Morning.AddDays(2))).Requests, Is.EqualTo(2));
        Assert.That((await SumAsync(ledger, Morning, Morning.AddDays(2).AddMilliseconds(1))).Requests, Is.EqualTo(3));
        Assert.That((await SumAsync(ledger, Morning, Morning.AddMilliseconds(1))).Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Sum_WhenADayChangedAfterItWasSummedUp_IsCorrectAtOnce()
    {
        await using var ledger = await FilledAsync();
        var user = await ledger.AddUserAsync();
        var late = await ledger.HoldAsync(user, 100, Morning);
        await ledger.ExpireAsync();
        await RunJobAsync(ledger);
        Assert.That((await SumAsync(ledger, null, null)).CostNanoUsd, Is.EqualTo(105));

        await ledger.SettleAsync(late, 40);
        await ArchiveTests.SettledAsync(ledger, user, Morning.AddDays(1), 3);

        Assert.That((await SumAsync(ledger, null, null)).CostNanoUsd, Is.EqualTo(48));
        Assert.That(await RunJobAsync(ledger), Is.EqualTo(2));
        Assert.That((await SumAsync(ledger, null, null)).CostNanoUsd, Is.EqualTo(48));
    }

    [Test]
    public async Task Run_OnADayWithARequestUnderWay_WaitsForItsSettlement()
    {
        await using var ledger = await FilledAsync();
        var held = await ledger.HoldAsync(await ledger.AddUserAsync(), 100, Morning);

        Assert.That(await RunJobAsync(ledger), Is.EqualTo(2));
        Assert.That((await SumAsync(ledger, null, null)).HeldNanoUsd, Is.EqualTo(100));

        await ledger.SettleAsync(held, 1);
        Assert.That(await RunJobAsync(ledger), Is.EqualTo(1));
        Assert.That((await SumAsync(ledger, null, null)).CostNanoUsd, Is.EqualTo(6));
    }

    [Test]
    public async Task Outcomes_AreTheSameFromRecordsAndFromSums()
    {
        await using var ledger = await FilledAsync();
        await ledger.ReleaseAsync(await ledger.HoldAsync(await ledger.AddUserAsync(), 1, Morning));
        await ledger.FlushAsync();
        var before = await OutcomesAsync(ledger);

        Assert.That(await RunJobAsync(ledger), Is.EqualTo(3));

        Assert.That(await OutcomesAsync(ledger), Is.EqualTo(before));
        Assert.That((before.Errors, before.Answered), Is.EqualTo((1, 5)), "a released request is an error, and no request");
    }

    [Test]
    public async Task Archive_OfDaysWithSums_CountsThemOnce()
    {
        await using var ledger = await FilledAsync(TimeSpan.FromDays(-90));
        using var archivist = new Archivist(ledger);
        await RunJobAsync(ledger);
        var before = await SumsAsync(ledger);

        await archivist.ArchiveAsync(new DateOnly(2026, 8, 8));

        Assert.That(await SumsAsync(ledger), Is.EqualTo(before));
        Assert.That(await RunJobAsync(ledger), Is.Zero, "archived days need no further sums");
        await ledger.AssertBalancedAsync();
    }

    /// <summary>A ledger with one request on each of three past days, one yesterday and one today.</summary>
    private async Task<TestLedger> FilledAsync(TimeSpan shift = default)
    {
        var ledger = await TestLedger.OpenAsync(kind, alone: true);
        var user = await ledger.AddUserAsync();
        foreach (var days in (int[])[0, 1, 2]) await ArchiveTests.SettledAsync(ledger, user, Morning.AddDays(days) + shift, 1);
        await ArchiveTests.SettledAsync(ledger, user, TestLedger.Noon.AddDays(-1), 1);
        await ArchiveTests.SettledAsync(ledger, user, TestLedger.Noon, 1);
        return ledger;
    }

    private static Task<int> RunJobAsync(TestLedger ledger) =>
        new DailyUsageJob(ledger.Database.Contexts, new TestClock(TestLedger.Noon), NullLogger<DailyUsageJob>.Instance).RunOnceAsync(default);

    /// <summary>The sum over all groups.</summary>
    private static async Task<UsageSum> SumAsync(TestLedger ledger, DateTimeOffset? from, DateTimeOffset? to)
    {
        var sums = await new UsageReports(ledger.Database.Contexts).SumAsync([UsageGrouping.Provider], new() { From = from, To = to }, default);
        return new UsageSum(
            "",
            sums.Sum(sum => sum.Requests),
            sums.Sum(sum => sum.PromptTokens),
            sums.Sum(sum => sum.CompletionTokens),
            sums.Sum(sum => sum.CostNanoUsd),
            sums.Sum(sum => sum.HeldNanoUsd));
    }

    private static async Task<UsageOutcomes> OutcomesAsync(TestLedger ledger) =>
        (await new UsageReports(ledger.Database.Contexts).SumAsync([UsageGrouping.Provider], new(), default))
            .Aggregate(default(UsageOutcomes), (all, sum) => all + sum.Outcomes!.Value);

    private static Task<string> SumsAsync(TestLedger ledger) => ArchiveTests.AllSumsAsync(ledger);
}
