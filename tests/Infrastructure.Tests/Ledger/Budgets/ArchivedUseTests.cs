using AiGateway.Application.Budgets;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Tests.Archive;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Tests.Ledger.Budgets;

/// <summary>Archived records count for budgets like all others: for those before the archive and for those after it.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class ArchivedUseTests(DatabaseKind kind)
{
    private static readonly DateOnly October = new(2026, 10, 1);
    private static readonly DateTimeOffset August = new(2026, 8, 3, 9, 0, 0, TimeSpan.Zero);

    private TestLedger? _open;
    private Guid _user;
    private Guid _key;

    // It stays closed where an engine is missing.
    private TestLedger Ledger => _open!;

    [SetUp]
    public async Task OpenAsync()
    {
        _open = await TestLedger.OpenAsync(kind, alone: true);
        _user = await Ledger.AddUserAsync();
        _key = await Ledger.AddKeyAsync(_user);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        if (_open is not null) await _open.DisposeAsync();
    }

    [Test]
    public async Task Budget_AddedAfterAnArchive_StartsWithTheArchivedUse()
    {
        var path = await Ledger.AddTeamAsync();
        await SettleAsync(NewHold(path, August), 40);
        await SettleAsync(NewHold(path, August.AddDays(1)) with { EndUser = "other" }, 50);
        await Ledger.ReleaseAsync(await HoldAsync(NewHold(path, August)));
        await HoldAsync(NewHold(path, August));
        await Ledger.ExpireAsync();
        await ArchiveAsync();
        await SettleAsync(NewHold(path, TestLedger.Noon), 7);
        (ScopeKind Kind, Guid Id)[] scopes = [(ScopeKind.Key, _key), (ScopeKind.User, _user), (ScopeKind.Team, path.IdOf(ScopeKind.Team))];

        foreach (var (scope, id) in scopes)
        {
            await Ledger.SetAsync(
                scope, id, Year(BudgetMetric.Spend), Year(BudgetMetric.Requests), Year(BudgetMetric.Tokens),
                Year(BudgetMetric.Spend) with { Model = "model-a*" }, Year(BudgetMetric.Spend) with { Model = "other" }, Year(BudgetMetric.Spend) with { PerEndUser = true });
        }

        await SettleAsync(NewHold(path, TestLedger.Noon) with { EndUser = "other" }, 3);

        foreach (var (scope, id) in scopes)
        {
            var uses = await Ledger.UsesAsync(scope, id);
            Assert.That(uses.Where(use => !use.Budget.PerEndUser && use.Budget.Model != "other").Select(use => use.Settled), Is.EquivalentTo([200L, 5L, 81L, 200L]), $"{scope}");
        }

        await Ledger.AssertAllBalancedAsync();
        await using var context = await Ledger.Database.Contexts.CreateDbContextAsync();
        var ofOther = await context.BudgetCounters.Where(counter => counter.EndUser == "other").Select(counter => counter.SettledNanoUsd).ToListAsync();
        Assert.That(ofOther, Is.EqualTo([53L, 53L, 53L]));
    }

    [Test]
    public async Task Budget_OfATeamInAnotherTimeZone_CountsArchivedRecordsOfItsYear()
    {
        var path = await Ledger.AddTeamAsync("Asia/Kathmandu");
        var newYear = new DateTimeOffset(2025, 12, 31, 18, 15, 0, TimeSpan.Zero);
        await SettleAsync(NewHold(path, newYear.AddMilliseconds(-1)), 40);
        await SettleAsync(NewHold(path, newYear), 2);
        await ArchiveAsync();

        await Ledger.SetAsync(ScopeKind.Team, path.IdOf(ScopeKind.Team), Year(BudgetMetric.Spend));
        await SettleAsync(NewHold(path, TestLedger.Noon), 1);

        Assert.That((await Ledger.UsesAsync(ScopeKind.Team, path.IdOf(ScopeKind.Team))).Single().Settled, Is.EqualTo(3));
        await Ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task Verify_OfACounterWithArchivedRecords_NamesADifference()
    {
        await Ledger.SetAsync(ScopeKind.Key, _key, Year(BudgetMetric.Spend));
        await SettleAsync(NewHold(null, August), 40);
        await ArchiveAsync();
        await Ledger.AssertAllBalancedAsync();

        await using var context = await Ledger.Database.Contexts.CreateDbContextAsync();
        await context.BudgetCounters.ExecuteUpdateAsync(counter => counter.SetProperty(each => each.SettledNanoUsd, 41));
        var found = (await Ledger.Ledger.VerifyAsync(CancellationToken.None)).BudgetDifferences.Single();
        Assert.That((found.Field, found.Counter, found.Records), Is.EqualTo(("settled", 41L, 40L)));

        // Of a version that kept no use of archived records.
        await context.ArchivedUse.ExecuteDeleteAsync();
        Assert.That((await Ledger.Ledger.VerifyAsync(CancellationToken.None)).BudgetDifferences, Is.Empty, "the counter may be larger than what is known");
    }

    private static NewBudget Year(BudgetMetric metric) => new() { Metric = metric, Window = PeriodKind.Year, Amount = 1_000 };

    private Hold NewHold(ScopePath? path, DateTimeOffset at) =>
        Ledger.NewHold(_user, at: at) with { ApiKeyId = _key, ChargeSet = path is null ? null : ChargeSet.Of(path, []) };

    private async Task<Guid> HoldAsync(Hold hold)
    {
        Assert.That((await Ledger.TryAsync(hold)).IsGranted, Is.True);
        return hold.RequestId;
    }

    private async Task SettleAsync(Hold hold, long cost)
    {
        await Ledger.SettleAsync(await HoldAsync(hold), cost);
        await Ledger.FlushAsync();
    }

    private async Task ArchiveAsync()
    {
        using var archivist = new Archivist(Ledger);
        Assert.That((await archivist.ArchiveAsync(October)).Removed, Is.Positive);
    }
}
