using AiGateway.Application.Archive;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Reports;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Tests.Ledger;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Tests.Archive;

/// <summary>Which records an archive removes and which stay. Every sum stays the same.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class ArchiveTests(DatabaseKind kind)
{
    private static readonly DateOnly October = new(2026, 10, 1);
    private static readonly DateTimeOffset August = new(2026, 8, 3, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset LastMoment = new(2026, 9, 30, 23, 59, 59, 999, TimeSpan.Zero);

    [Test]
    public async Task Archive_OfOldRecords_WritesAndRemovesThemAndKeepsEverySum()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        using var archivist = new Archivist(ledger);
        var (alice, bob) = (await ledger.AddUserAsync(), await ledger.AddUserAsync());
        var settled = await SettledAsync(ledger, alice, August, 30);
        var released = await ledger.HoldAsync(bob, 20, August.AddDays(1));
        await ledger.ReleaseAsync(released);
        var expired = await ledger.HoldAsync(bob, 50, LastMoment);
        await ledger.ExpireAsync();
        var recent = await SettledAsync(ledger, bob, LastMoment.AddMilliseconds(1), 7);
        var before = await AllSumsAsync(ledger);

        var result = await archivist.ArchiveAsync(October);

        Assert.That(result, Is.EqualTo(new ArchiveResult(3, 3)));
        Assert.That(await IdsAsync(ledger), Is.EqualTo([recent]));
        Assert.That(await AllSumsAsync(ledger), Is.EqualTo(before));
        var verification = await ledger.Ledger.VerifyAsync(CancellationToken.None);
        Assert.That((verification.Balanced, verification.Rows), Is.EqualTo((true, 1)));
        var lines = archivist.Lines();
        Assert.That(lines.Keys, Is.EqualTo([settled, released, expired]), "oldest first");
        Assert.That(
            lines[settled].EnumerateObject().Select(member => $"{member.Name}={member.Value}"),
            Is.EqualTo((string[])
            [
                $"id={settled}", $"userId={alice}", "apiKeyId=", "createdAt=2026-08-03T09:00:00+00:00", "day=2026-08-03", "month=2026-08-01",
                "operation=chat", "requestedModel=model-asked", "model=model-2026", "provider=echo", "streamed=False", "endUser=end-user",
                "status=settled", "usageSource=provider", "promptTokens=7", "completionTokens=5", "cachedPromptTokens=3", "cacheWriteTokens=2",
                "reasoningTokens=1", "heldNanoUsd=100", "heldTokens=33", "chargeSet=", "costNanoUsd=30", "aboveHold=False", "attempts=", "priceVersion=prices-1", "errorCode=", "latencyMs=1234",
                "timeToFirstTokenMs=56", $"leaseExpiresAt={TestLedger.Noon.AddSeconds(30):yyyy-MM-ddTHH:mm:sszzz}",
            ]));
    }

    [Test]
    public async Task Archive_Again_AddsToTheArchivedSums()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        using var archivist = new Archivist(ledger);
        var user = await ledger.AddUserAsync();
        await SettledAsync(ledger, user, August, 30);
        await SettledAsync(ledger, user, LastMoment, 50);
        var before = await AllSumsAsync(ledger);

        await archivist.ArchiveAsync(new DateOnly(2026, 9, 1), "1.gz");
        await SettledAsync(ledger, user, August.AddHours(1), 4);
        await archivist.ArchiveAsync(October, "2.gz");

        Assert.That((archivist.Lines("1.gz").Count, archivist.Lines("2.gz").Count), Is.EqualTo((1, 2)));
        await ledger.AssertBalancedAsync();
        var sum = (await SumAsync(ledger, UsageGrouping.User)).Single();
        Assert.That((sum.Requests, sum.CostNanoUsd), Is.EqualTo((3, 84)));
        Assert.That(await AllSumsAsync(ledger), Is.Not.EqualTo(before));
    }

    [Test]
    public async Task Archive_OfARequestStillUnderWay_LeavesItInTheLedger()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        using var archivist = new Archivist(ledger);
        var user = await ledger.AddUserAsync();
        await SettledAsync(ledger, user, August, 30);
        var held = await ledger.HoldAsync(user, 100, August);

        Assert.That(await archivist.ArchiveAsync(October), Is.EqualTo(new ArchiveResult(1, 1)));
        await ledger.AssertBalancedAsync();
        await ledger.SettleAsync(held, 40);

        await ledger.AssertBalancedAsync();
        Assert.That((await SumAsync(ledger, UsageGrouping.User)).Single().CostNanoUsd, Is.EqualTo(70));
    }

    [Test]
    public async Task Archive_WhenASettlementComesLateButBeforeTheRemoval_LeavesTheRecordWithItsTrueCost()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        var user = await ledger.AddUserAsync();
        var late = await ledger.HoldAsync(user, 100, August);
        await ledger.ExpireAsync();
        using var archivist = new Archivist(ledger, real => new Disturbed(real, _ => ledger.SettleAsync(late, 40)));

        Assert.That(await archivist.ArchiveAsync(October), Is.EqualTo(new ArchiveResult(1, 0)));

        Assert.That((await ledger.FindAsync(late))!.CostNanoUsd, Is.EqualTo(40));
        await ledger.AssertBalancedAsync();
        Assert.That(await archivist.ArchiveAsync(October, "next.gz"), Is.EqualTo(new ArchiveResult(1, 1)));
        Assert.That((await SumAsync(ledger, UsageGrouping.User)).Single().CostNanoUsd, Is.EqualTo(40));
    }

    [Test]
    public async Task Settle_WhenTheExpiredRecordIsArchived_ChangesNothing()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        using var archivist = new Archivist(ledger);
        var user = await ledger.AddUserAsync();
        var late = await ledger.HoldAsync(user, 100, August);
        await ledger.ExpireAsync();
        await archivist.ArchiveAsync(October);

        await ledger.SettleAsync(late, 40);

        await ledger.AssertBalancedAsync();
        Assert.That((await SumAsync(ledger, UsageGrouping.User)).Single().CostNanoUsd, Is.EqualTo(100));
    }

    [Test]
    public async Task Archive_OfARequestWhoseResponseIsStored_KeepsItsTokensKnown()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        using var archivist = new Archivist(ledger);
        var user = await ledger.AddUserAsync();
        var request = await SettledAsync(ledger, user, August, 30);
        var store = new StoredObjectStore(ledger.Database.Contexts, new LedgerSettings(), TimeProvider.System);
        await store.AddAsync(
            [new StoredObject { Id = "resp_1", UserId = user, RequestId = request, Provider = "openai", CreatedAt = August }], CancellationToken.None);
        var before = await store.FindAsync(user, ["resp_1"], CancellationToken.None);

        await archivist.ArchiveAsync(October);

        Assert.That(before.Single().Tokens, Is.EqualTo(12));
        Assert.That(await store.FindAsync(user, ["resp_1"], CancellationToken.None), Is.EqualTo(before.Select(each => each with { RequestedModel = null, Model = null })));
    }

    [Test]
    public async Task Archive_WhileGatewaysWrite_KeepsTheLedgerBalanced()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        using var archivist = new Archivist(ledger);
        var user = await ledger.AddUserAsync();
        await Task.WhenAll(Enumerable.Range(0, 1200).Select(i => SettledAsync(ledger, user, August.AddMinutes(i), 1)));
        var stop = false;
        var traffic = Task.WhenAll(Enumerable.Range(0, 4).Select(lane => Task.Run(async () =>
        {
            do await SettledAsync(ledger, user, lane == 0 ? August : TestLedger.Noon, 1);
            while (!Volatile.Read(ref stop));
        })));

        var archive = Task.Run(() => archivist.ArchiveAsync(October));
        while (!archive.IsCompleted) await ledger.AssertBalancedAsync();
        Volatile.Write(ref stop, true);
        await traffic;

        var result = await archive;
        Assert.That(result.Removed, Is.EqualTo(result.Written).And.AtLeast(1200));
        Assert.That(archivist.Lines(), Has.Count.EqualTo(result.Written));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Sum_OfAWindowThatCutsAnArchivedDay_IsRefused()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, alone: true);
        using var archivist = new Archivist(ledger);
        var user = await ledger.AddUserAsync();
        await SettledAsync(ledger, user, August, 30);
        await archivist.ArchiveAsync(October);
        var reports = new UsageReports(ledger.Database.Contexts);

        var from = await Assert.ThrowsAsync<InvalidRequestException>(() => reports.SumAsync([UsageGrouping.User], new() { From = August }, default));
        var to = await Assert.ThrowsAsync<InvalidRequestException>(() => reports.SumAsync([UsageGrouping.User], new() { To = August }, default));

        Assert.That(from!.Faults.Single().Field, Is.EqualTo("from"));
        Assert.That(from.Message, Does.Contain("2026-08-03"));
        Assert.That(to!.Faults.Single().Field, Is.EqualTo("to"));
        Assert.That(await reports.SumAsync([UsageGrouping.User], new() { From = August.AddHours(15) }, default), Is.Empty, "the window begins after the archived day");
        Assert.That(await reports.SumAsync([UsageGrouping.User], new() { From = August.AddHours(-9), To = August.AddHours(15) }, default), Has.Count.EqualTo(1));
    }

    internal static async Task<Guid> SettledAsync(TestLedger ledger, Guid user, DateTimeOffset at, long cost)
    {
        var id = await ledger.HoldAsync(user, 100, at);
        await ledger.SettleAsync(id, cost);
        return id;
    }

    internal static async Task<Guid[]> IdsAsync(TestLedger ledger)
    {
        await using var context = await ledger.Database.Contexts.CreateDbContextAsync();
        return await context.UsageRecords.Select(record => record.Id).ToArrayAsync();
    }

    /// <summary>The sums of every grouping, over all time and over two windows of whole days.</summary>
    internal static async Task<string> AllSumsAsync(TestLedger ledger)
    {
        var reports = new UsageReports(ledger.Database.Contexts);
        var midnight = new DateTimeOffset(2026, 8, 4, 0, 0, 0, TimeSpan.Zero);
        var sums = new List<UsageSum>();
        foreach (var grouping in UsageGroupings.SummedByDay)
        {
            sums.AddRange(await reports.SumAsync([grouping], new(), default));
            sums.AddRange(await reports.SumAsync([grouping], new() { From = midnight }, default));
            sums.AddRange(await reports.SumAsync([grouping], new() { To = midnight }, default));
        }

        return string.Join('\n', sums);
    }

    private static Task<IReadOnlyList<UsageSum>> SumAsync(TestLedger ledger, UsageGrouping grouping) =>
        new UsageReports(ledger.Database.Contexts).SumAsync([grouping], new(), default);
}
