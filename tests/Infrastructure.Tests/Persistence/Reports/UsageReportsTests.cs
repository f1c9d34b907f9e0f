using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Reports;
using AiGateway.Infrastructure.Tests.Persistence.Databases;

namespace AiGateway.Infrastructure.Tests.Persistence.Reports;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class UsageReportsTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Alice = Guid.CreateVersion7(Noon.AddMilliseconds(1));
    private static readonly Guid Bob = Guid.CreateVersion7(Noon.AddMilliseconds(2));
    private static readonly Guid BobsKey = Guid.CreateVersion7(Noon.AddMilliseconds(3));
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task List_WhenInstantsAreEqual_PagesThroughAllOfThemOnceNewestFirst()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var records = Enumerable.Range(0, 23).Select(i => NewRecord(Alice, Noon.AddMilliseconds(i / 5))).ToList();
        var reports = await FillAsync(database, [.. records, NewRecord(Bob, Noon)]);

        var seen = new List<UsageRecord>();
        var filter = new UsageFilter(new UsageSelection { UserId = Alice }, null, 4);
        for (var page = await reports.ListAsync(filter, None); page.Count > 0; page = await reports.ListAsync(filter, None))
        {
            seen.AddRange(page);
            filter = filter with { Before = new UsageCursor(page[^1].CreatedAt, page[^1].Id) };
        }

        Assert.That(seen.Select(record => record.Id), Is.EquivalentTo(records.Select(record => record.Id)));
        Assert.That(seen.Select(record => record.CreatedAt), Is.Ordered.Descending);
    }

    [Test]
    public async Task List_WhenFiltered_HasOnlyMatchingRecords()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var first = NewRecord(Alice, Noon);
        var second = NewRecord(Alice, Noon.AddMinutes(1), model: "gpt-y");
        var third = NewRecord(Bob, Noon.AddMinutes(2), model: "gpt-y");
        var reports = await FillAsync(database, [first, second, third]);

        var filter = new UsageSelection { UserId = Alice };
        Assert.That(await IdsAsync(filter), Is.EqualTo((Guid[])[second.Id, first.Id]));
        Assert.That(await IdsAsync(filter with { From = Noon.AddMinutes(1) }), Is.EqualTo((Guid[])[second.Id]));
        Assert.That(await IdsAsync(filter with { To = Noon.AddMinutes(1) }), Is.EqualTo((Guid[])[first.Id]));
        Assert.That(await IdsAsync(filter with { Model = "gpt-y" }), Is.EqualTo((Guid[])[second.Id]));
        Assert.That(await IdsAsync(filter with { Model = "GPT-Y" }), Is.Empty);

        async Task<IEnumerable<Guid>> IdsAsync(UsageSelection records) =>
            (await reports.ListAsync(new(records, null, 10), None)).Select(record => record.Id);
    }

    [Test]
    public async Task List_ByStatusOrOutcome_HasTheRecordsThatTheSumsCount()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var held = NewRecord(Alice, Noon, UsageStatus.Held);
        var answered = NewRecord(Alice, Noon.AddMinutes(1), latency: 7);
        var failed = NewRecord(Alice, Noon.AddMinutes(2), UsageStatus.Released, latency: 8, error: ErrorCode.ProviderFailed);
        var unknown = NewRecord(Alice, Noon.AddMinutes(3), UsageStatus.Unknown, latency: 9, error: ErrorCode.ProviderTimeout);
        var left = NewRecord(Alice, Noon.AddMinutes(4), latency: 5, error: ErrorCode.ClientClosedRequest);
        var reports = await FillAsync(database, [held, answered, failed, unknown, left]);

        Assert.That(await IdsAsync(new() { Status = UsageStatus.Held }), Is.EqualTo((Guid[])[held.Id]));
        Assert.That(await IdsAsync(new() { Status = UsageStatus.Settled }), Is.EqualTo((Guid[])[left.Id, answered.Id]));
        Assert.That(await IdsAsync(new() { Failed = true }), Is.EqualTo((Guid[])[unknown.Id, failed.Id]));
        Assert.That(await IdsAsync(new() { Failed = false }), Is.EqualTo((Guid[])[answered.Id]));
        Assert.That(await IdsAsync(new() { Failed = true, Status = UsageStatus.Unknown }), Is.EqualTo((Guid[])[unknown.Id]));
        var sum = (await reports.SumAsync([UsageGrouping.User], new(), None)).Single();
        Assert.That(sum.Outcomes, Is.EqualTo(new UsageOutcomes(Errors: 2, Answered: 1, LatencyMs: 7)));

        async Task<IEnumerable<Guid>> IdsAsync(UsageSelection records) =>
            (await reports.ListAsync(new(records, null, 10), None)).Select(record => record.Id);
    }

    [Test]
    public async Task Sum_OfEveryStatus_CountsEachAsDocumented()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var reports = await FillAsync(
            database,
            [
                NewRecord(Alice, Noon, UsageStatus.Settled, cost: 5), NewRecord(Alice, Noon, UsageStatus.Expired, cost: 100),
                NewRecord(Alice, Noon, UsageStatus.Held), NewRecord(Alice, Noon, UsageStatus.Released),
            ]);

        Assert.That(
            await reports.SumAsync([UsageGrouping.User], new(), None),
            Is.EqualTo((UsageSum[])[new(Alice.ToString(), 3, 20, 40, 105, 100)]));
    }

    [Test]
    public async Task Sum_ByEachProperty_NamesTheGroupsLargestCostFirst()
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var reports = await FillAsync(
            database,
            [
                NewRecord(Alice, Noon, cost: 5, model: "gpt-x"), NewRecord(Alice, Noon.AddDays(1), cost: 7, model: "gpt-y"),
                NewRecord(Bob, Noon, cost: 9, model: "gpt-x", provider: "echo", key: BobsKey), NewRecord(Bob, Noon.AddDays(-40), cost: 1000),
            ]);

        Assert.That(await SumAsync(UsageGrouping.User), Is.EqualTo((string[])[$"{Alice} 12", $"{Bob} 9"]));
        Assert.That(await SumAsync(UsageGrouping.Model), Is.EqualTo((string[])["gpt-x 14", "gpt-y 7"]));
        Assert.That(await SumAsync(UsageGrouping.Provider), Is.EqualTo((string[])["openai 12", "echo 9"]));
        Assert.That(await SumAsync(UsageGrouping.Key), Is.EqualTo((string[])[" 12", $"{BobsKey} 9"]));
        Assert.That(await SumAsync(UsageGrouping.Day), Is.EqualTo((string[])["2026-11-15 14", "2026-11-16 7"]));

        async Task<IEnumerable<string>> SumAsync(UsageGrouping grouping) =>
            (await reports.SumAsync([grouping], new() { From = Noon, To = Noon.AddDays(2) }, None)).Select(sum => $"{sum.Group} {sum.CostNanoUsd}");
    }

    private static async Task<UsageReports> FillAsync(TestDatabase database, UsageRecord[] records)
    {
        await using var context = await database.Contexts.CreateDbContextAsync();
        context.Users.AddRange(
            new User { Id = Alice, Name = "alice", CreatedAt = Noon }, new User { Id = Bob, Name = "bob", CreatedAt = Noon });
        context.ApiKeys.Add(new ApiKey
        {
            Id = BobsKey,
            UserId = Bob,
            Name = "key",
            Prefix = "agw_",
            Hash = new byte[32],
            Scopes = Scopes.Generate,
            CreatedAt = Noon,
        });
        context.UsageRecords.AddRange(records);
        await context.SaveChangesAsync();
        return new UsageReports(database.Contexts);
    }

    private static UsageRecord NewRecord(
        Guid user,
        DateTimeOffset at,
        UsageStatus status = UsageStatus.Settled,
        long cost = 0,
        string model = "gpt-x",
        string provider = "openai",
        Guid? key = null,
        long? latency = null,
        ErrorCode? error = null) => new()
        {
            Id = Guid.CreateVersion7(at),
            UserId = user,
            ApiKeyId = key,
            CreatedAt = at,
            Day = QuotaPeriod.DayOf(at).Start,
            Month = QuotaPeriod.MonthOf(at).Start,
            Operation = ModelOperation.Chat,
            RequestedModel = model,
            Model = model,
            Provider = provider,
            Status = status,
            PromptTokens = 10,
            CompletionTokens = 20,
            HeldNanoUsd = 100,
            CostNanoUsd = cost,
            PriceVersion = "prices-1",
            LatencyMs = latency,
            ErrorCode = error?.ToName(),
        };
}
