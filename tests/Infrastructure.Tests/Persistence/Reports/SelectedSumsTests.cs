using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Mapping;
using AiGateway.Infrastructure.Persistence.Reports;
using AiGateway.Infrastructure.Tests.Persistence.Databases;

namespace AiGateway.Infrastructure.Tests.Persistence.Reports;

/// <summary>Reports by scopes, tags and several properties. Each figure is the sum of the records that the list has.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class SelectedSumsTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Guid User = Id(1);
    private static readonly Guid Tagged = Id(2);
    private static readonly Guid Untagged = Id(3);
    private static readonly ScopeStep Organisation = new(ScopeKind.Organisation, Id(4), "organisation", "UTC");
    private static readonly ScopeStep Search = new(ScopeKind.Team, Id(5), "search", "UTC");
    private static readonly ScopeStep Billing = new(ScopeKind.Team, Id(6), "billing", "UTC");
    private static readonly ScopeStep Index = new(ScopeKind.Project, Id(7), "index", "UTC");

    // The same team twice: with and without a project.
    private static readonly ChargeSet InSearch = ChargeSet.Of(new ScopePath([Organisation, Search]), [])!;
    private static readonly ChargeSet InIndex = ChargeSet.Of(new ScopePath([Organisation, Search, Index]), ["gpt-y"])!;
    private static readonly ChargeSet InBilling = ChargeSet.Of(new ScopePath([Organisation, Billing]), [])!;

    // It stays null where an engine is missing.
    private TestDatabase? _database;
    private UsageReports _reports = null!;

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        _database = await TestDatabase.CreateAsync(kind);
        _reports = new UsageReports(_database.Contexts);
        await using var context = await _database.Contexts.CreateDbContextAsync();
        context.Users.Add(new User { Id = User, Name = "ann", CreatedAt = Noon });
        context.ApiKeys.AddRange(NewKey(Tagged, "blue green", 1), NewKey(Untagged, null, 2));
        foreach (var set in (ChargeSet[])[InSearch, InIndex, InBilling])
        {
            context.ChargeSetMembers.AddRange(set.Scopes.Select(scope => new ChargeSetMember { SetId = set.Id, Kind = (int)scope.Kind, ScopeId = scope.Id, Name = scope.TimeZone }));
            context.ChargeSetMembers.AddRange(set.Models.Select(model => new ChargeSetMember { SetId = set.Id, Kind = ChargeSetMember.ModelKind, ScopeId = Guid.Empty, Name = model }));
        }

        context.UsageRecords.AddRange(
            NewRecord(1, InSearch, Tagged), NewRecord(2, InIndex, Tagged, "gpt-y"), NewRecord(4, InBilling, Untagged, endUser: "eve"),
            NewRecord(8, null, null), NewRecord(16, InSearch, Untagged, "gpt-y", "eve"), NewRecord(32, InIndex, Tagged, status: UsageStatus.Released));
        await context.SaveChangesAsync();
    }

    [OneTimeTearDown]
    public async Task DropAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
    }

    [TestCase("organisation", "o 23;- 8")]
    [TestCase("team", "s 19;- 8;b 4")]
    [TestCase("project", "- 29;i 2")]
    [TestCase("endUser", "eve 20;- 11")]
    [TestCase("tag", "- 28;blue 3;green 3")]
    [TestCase("team,model", "s|gpt-y 18;-|gpt-x 8;b|gpt-x 4;s|gpt-x 1")]
    [TestCase("model,team,endUser", "gpt-y|s|eve 16;gpt-x|-|- 8;gpt-x|b|eve 4;gpt-y|s|- 2;gpt-x|s|- 1")]
    [TestCase("day,tag", "2026-11-15|- 28;2026-11-15|blue 3;2026-11-15|green 3")]
    [TestCase("key,user", "-|ann 24")]
    public async Task Sum_ByAnyProperties_AddsUpTheirRecords(string groupBy, string expected)
    {
        Assert.That(UsageGroupings.TryParse(groupBy, out var groupings), Is.True);
        var records = new UsageSelection { From = Noon, To = Noon.AddDays(1) };
        if (groupBy == "key,user") records = records with { Model = "gpt-y", EndUser = "eve" };

        var sums = await _reports.SumAsync(groupings!, records, None);

        if (groupBy == "key,user") expected = $"{Untagged}|{User} 16";
        Assert.That(string.Join(';', sums.Select(Shown)), Is.EqualTo(expected));
    }

    [Test]
    public async Task Sum_OfEverySelection_EqualsTheRecordsOfTheList()
    {
        var period = new UsageSelection { From = Noon, To = Noon.AddDays(1) };
        foreach (var (selection, cost) in ((UsageSelection, long)[])
        [
            (period, 31), (period with { OrganisationId = Organisation.Id }, 23), (period with { TeamId = Search.Id }, 19),
            (period with { ProjectId = Index.Id }, 2), (period with { TeamId = Billing.Id, ProjectId = Index.Id }, 0),
            (period with { UserId = User }, 31), (period with { ApiKeyId = Tagged }, 3), (period with { Tag = "green" }, 3), (period with { Tag = "gree" }, 0),
            (period with { EndUser = "eve" }, 20), (period with { EndUser = "" }, 11), (period with { Model = "gpt-y", TeamId = Search.Id }, 18),
            (period with { Provider = "none" }, 0), (period with { Reach = new(Search.Id) }, 19), (period with { Reach = new(Guid.Empty) }, 0),
        ])
        {
            var sums = await _reports.SumAsync([UsageGrouping.User, UsageGrouping.Day], selection, None);
            var list = await _reports.ListAsync(new(selection, null, 100), None);

            Assert.That(sums.Sum(sum => sum.CostNanoUsd), Is.EqualTo(cost), $"{selection}");
            Assert.That(list.Sum(record => record.CostNanoUsd), Is.EqualTo(cost), $"{selection}");
            Assert.That(sums.Sum(sum => sum.Requests), Is.EqualTo(list.Count(record => record.Status != UsageStatus.Released)), $"{selection}");
        }
    }

    [Test]
    public async Task Sum_OfAnArchivedDay_IsRefusedAndNamesTheDay()
    {
        await using (var context = await _database!.Contexts.CreateDbContextAsync())
        {
            context.DailyUsage.Add(new DailyUsage { Grouping = UsageGrouping.Provider, Day = new DateOnly(2026, 10, 1), Group = "openai", Archived = true });
            await context.SaveChangesAsync();
        }

        var failure = await Assert.ThrowsAsync<InvalidRequestException>(
            () => _reports.SumAsync([UsageGrouping.Team], new() { From = new DateTimeOffset(2026, 10, 1, 23, 0, 0, TimeSpan.Zero) }, None));

        Assert.That(failure.Faults.Single().Message, Does.StartWith("must be after 2026-10-01"));
        Assert.That(await _reports.SumAsync([UsageGrouping.Team], new() { From = new DateTimeOffset(2026, 10, 2, 0, 0, 0, TimeSpan.Zero) }, None), Is.Not.Empty);
    }

    private static string Shown(UsageSum sum) => $"{string.Join('|', sum.More.Prepend(sum.Group).Select(NameOf))} {sum.CostNanoUsd}";

    private static string NameOf(string value) =>
        value.Length == 0 ? "-" : value == $"{Organisation.Id}" ? "o" : value == $"{Search.Id}" ? "s" : value == $"{Billing.Id}" ? "b" : value == $"{Index.Id}" ? "i" : value;

    private static Guid Id(int number) => Guid.Parse($"0199c0de-0000-7000-8000-{number:x12}");

    private static ApiKey NewKey(Guid id, string? tags, byte hash) => new()
    {
        Id = id,
        UserId = User,
        Name = "key",
        Prefix = "agw_",
        Hash = [.. Enumerable.Repeat(hash, 32)],
        Scopes = Scopes.Generate,
        CreatedAt = Noon,
        Tags = tags,
    };

    private static UsageRecord NewRecord(
        long cost, ChargeSet? set, Guid? key, string model = "gpt-x", string? endUser = null, UsageStatus status = UsageStatus.Settled) => new()
        {
            Id = Guid.CreateVersion7(Noon.AddMilliseconds(cost)),
            UserId = User,
            ApiKeyId = key,
            ChargeSet = set?.Id,
            CreatedAt = Noon.AddMilliseconds(cost),
            Day = QuotaPeriod.DayOf(Noon).Start,
            Month = QuotaPeriod.MonthOf(Noon).Start,
            Operation = ModelOperation.Chat,
            RequestedModel = model,
            Model = model,
            Provider = "openai",
            EndUser = endUser,
            Status = status,
            PromptTokens = 10,
            CompletionTokens = 20,
            CostNanoUsd = status == UsageStatus.Released ? 0 : cost,
            PriceVersion = "prices-1",
        };
}
