using AiGateway.Application.Budgets;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores.Erasure;

namespace AiGateway.Infrastructure.Tests.Ledger.Budgets;

/// <summary>Budgets of every kind hold in the ledger, on every engine. One request holds 100 nano-dollars and 33 tokens.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class BudgetTests(DatabaseKind kind)
{
    private TestLedger? _open;
    private Guid _user;
    private Guid _key;
    private ScopePath _path = null!;

    // It stays closed where an engine is missing.
    private TestLedger Ledger => _open!;

    [SetUp]
    public async Task OpenAsync()
    {
        _open = await TestLedger.OpenAsync(kind, alone: true);
        _user = await Ledger.AddUserAsync();
        _key = await Ledger.AddKeyAsync(_user);
        _path = await Ledger.AddTeamAsync();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        if (_open is not null) await _open.DisposeAsync();
    }

    [TestCase(BudgetMetric.Requests, 3, 3)]
    [TestCase(BudgetMetric.Tokens, 100, 3)]
    [TestCase(BudgetMetric.Concurrent, 2, 2)]
    public async Task Hold_OfAKeyWithABudget_IsGrantedUntilItIsFull(BudgetMetric metric, int amount, int fits)
    {
        await Ledger.SetAsync(ScopeKind.Key, _key, Of(metric, amount));

        var decisions = new List<HoldDecision>();
        for (var i = 0; i <= fits; i++) decisions.Add(await Ledger.TryAsync(NewHold()));

        Assert.That(decisions.TakeWhile(decision => decision.IsGranted).Count(), Is.EqualTo(fits));
        var refusal = decisions[fits].Refusal!;
        Assert.That((refusal.Scope!.Kind, refusal.Scope.Id, refusal.LimitAmount), Is.EqualTo((ScopeKind.Key, _key, (long)amount)));
        Assert.That((await Ledger.TryAsync(NewHold() with { ApiKeyId = null })).IsGranted, Is.True, "another key of the user is not limited");
        await Ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task Hold_BelowThreeLevels_StopsAtTheLevelThatIsFull([Values("key", "team", "organisation")] string full)
    {
        var (team, organisation) = (_path.IdOf(ScopeKind.Team), _path.IdOf(ScopeKind.Organisation));
        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(full == "key" ? 300 : 5_000));
        await Ledger.SetAsync(ScopeKind.Team, team, Spend(full == "team" ? 300 : 5_000));
        await Ledger.SetAsync(ScopeKind.Organisation, organisation, Spend(full == "organisation" ? 300 : 5_000));

        for (var i = 0; i < 3; i++) Assert.That((await Ledger.TryAsync(NewHold())).IsGranted, Is.True);
        var refusal = (await Ledger.TryAsync(NewHold())).Refusal!;

        Assert.That((refusal.Scope!.KindName, refusal.LimitName, refusal.UsedAmount), Is.EqualTo((full, "monthly_spend", 300L)));
        foreach (var (scope, id) in ((ScopeKind, Guid)[])[(ScopeKind.Key, _key), (ScopeKind.Team, team), (ScopeKind.Organisation, organisation)])
            Assert.That((await Ledger.UsesAsync(scope, id)).Single().Held, Is.EqualTo(300), "a refused hold changes no level");
        await Ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task Budget_AddedInTheMiddleOfItsWindow_StartsWithTheRealUse()
    {
        var settled = NewHold();
        var open = NewHold();
        var released = NewHold();
        foreach (var hold in (Hold[])[settled, open, released]) await Ledger.TryAsync(hold);
        await Ledger.SettleAsync(settled.RequestId, 40);
        await Ledger.ReleaseAsync(released.RequestId);

        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(300), Of(BudgetMetric.Tokens, 1_000), Of(BudgetMetric.Concurrent, 5));
        var before = await Ledger.UsesAsync(ScopeKind.Key, _key);
        var refused = await Ledger.TryAsync(NewHold(201));
        var granted = await Ledger.TryAsync(NewHold(160));
        await Ledger.SettleAsync(open.RequestId, 99);
        await Ledger.FlushAsync();
        var after = await Ledger.UsesAsync(ScopeKind.Key, _key);

        Assert.That(before.Select(use => (use.Settled, use.Held)), Is.EqualTo([(40L, 100L), (12L, 33L), (1L, 0L)]), "spend, tokens, in progress");
        Assert.That((refused.IsGranted, granted.IsGranted), Is.EqualTo((false, true)));
        Assert.That(after.Select(use => (use.Settled, use.Held)), Is.EqualTo([(139L, 160L), (24L, 33L), (1L, 0L)]), "a request from before counts on");
        await Ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task Budget_RemovedAndAddedAgain_CountsWhatHappenedMeanwhile()
    {
        await Ledger.SetAsync(ScopeKind.Team, _path.IdOf(ScopeKind.Team), Spend(1_000));
        await SettleOneAsync(10);
        await Ledger.SetAsync(ScopeKind.Team, _path.IdOf(ScopeKind.Team));
        await SettleOneAsync(20);
        await Ledger.SetAsync(ScopeKind.Team, _path.IdOf(ScopeKind.Team), Spend(130));

        Assert.That((await Ledger.TryAsync(NewHold(101))).Refusal?.UsedAmount, Is.EqualTo(30));
        Assert.That((await Ledger.TryAsync(NewHold(100))).IsGranted, Is.True);
        await Ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task Budget_WithAnotherAmount_KeepsItsCount()
    {
        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(100));
        await SettleOneAsync(100);
        Assert.That((await Ledger.TryAsync(NewHold())).IsGranted, Is.False);

        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(200));

        Assert.That((await Ledger.TryAsync(NewHold())).IsGranted, Is.True);
        Assert.That((await Ledger.TryAsync(NewHold(1))).IsGranted, Is.False);
        await Ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task Budget_OfAModel_CountsAliasesOfItAndNothingElse()
    {
        await Ledger.SetAsync(ScopeKind.User, _user, Of(BudgetMetric.Requests, 2) with { Model = "gpt-6*" });
        var alias = NewHold() with { RequestedModel = "fast", ChargeSet = ChargeSet.Of(ScopePath.Empty, ["gpt-6-luna"]) };

        Assert.That((await Ledger.TryAsync(alias)).IsGranted, Is.True);
        Assert.That((await Ledger.TryAsync(NewHold() with { RequestedModel = "gpt-6-sol" })).IsGranted, Is.True);
        var refusal = (await Ledger.TryAsync(alias with { RequestId = Ledger.NextId() })).Refusal;

        Assert.That((refusal?.Scope?.Model, refusal?.LimitName), Is.EqualTo(("gpt-6*", "monthly_requests")));
        Assert.That((await Ledger.TryAsync(NewHold() with { RequestedModel = "other" })).IsGranted, Is.True);
        await Ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task Budget_PerEndUser_IsForEachAlone()
    {
        await Ledger.SetAsync(ScopeKind.Team, _path.IdOf(ScopeKind.Team), Of(BudgetMetric.Requests, 1) with { PerEndUser = true });

        foreach (var endUser in (string?[])["grace", "ada", null])
        {
            Assert.That((await Ledger.TryAsync(NewHold() with { EndUser = endUser })).IsGranted, Is.True, endUser);
            Assert.That((await Ledger.TryAsync(NewHold() with { EndUser = endUser })).IsGranted, Is.False, endUser);
        }

        await Ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task EndUsers_WhenErased_MoveWithTheirCountersAlsoInProgress()
    {
        await Ledger.SetAsync(ScopeKind.Team, _path.IdOf(ScopeKind.Team), Of(BudgetMetric.Requests, 3) with { PerEndUser = true });
        var (done, open) = (NewHold() with { EndUser = "ada" }, NewHold() with { EndUser = "ada" });
        var others = NewHold() with { EndUser = "ada", UserId = await Ledger.AddUserAsync(), ApiKeyId = null };
        foreach (var hold in (Hold[])[done, open, others]) Assert.That((await Ledger.TryAsync(hold)).IsGranted, Is.True);
        Assert.That((await Ledger.TryAsync(others with { RequestId = Ledger.NextId() })).IsGranted, Is.False);
        await Ledger.SettleAsync(done.RequestId, 7);
        await Ledger.FlushAsync();

        await EndUserErasure.EraseAsync(Ledger.Database.Contexts, _user, CancellationToken.None);

        await Ledger.AssertAllBalancedAsync();
        await Ledger.SettleAsync(open.RequestId, 9);
        await Ledger.AssertAllBalancedAsync();
        for (var i = 0; i < 2; i++) Assert.That((await Ledger.TryAsync(others with { RequestId = Ledger.NextId() })).IsGranted, Is.True, "the erased requests no longer count for this name");
        Assert.That((await Ledger.TryAsync(others with { RequestId = Ledger.NextId() })).IsGranted, Is.False);
        await Ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task Budget_ThatIsSoftOrNotValidNow_RefusesNothing()
    {
        await Ledger.SetAsync(
            ScopeKind.Key, _key, Spend(0) with { IsSoft = true }, Spend(0) with { ValidTo = TestLedger.Noon },
            Spend(0) with { ValidFrom = TestLedger.Noon.AddHours(1) });

        Assert.That((await Ledger.TryAsync(NewHold())).IsGranted, Is.True);
        Ledger.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That((await Ledger.TryAsync(NewHold())).IsGranted, Is.False);
    }

    [TestCase(PeriodKind.Day, "2026-11-16T00:00:00Z")]
    [TestCase(PeriodKind.Week, "2026-11-16T00:00:00Z", Description = "noon of the test is a Sunday")]
    [TestCase(PeriodKind.Quarter, "2027-01-01T00:00:00Z")]
    [TestCase(PeriodKind.Year, "2027-01-01T00:00:00Z")]
    [TestCase(PeriodKind.Days, "2026-12-15T00:00:00Z")]
    public async Task Budget_WhenItsWindowEnds_StartsAgain(PeriodKind window, string resetsAt)
    {
        var days = window == PeriodKind.Days ? 30 : (int?)null;
        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(100) with { Window = window, Days = days });
        Assert.That((await Ledger.TryAsync(NewHold())).IsGranted, Is.True);
        var refusal = (await Ledger.TryAsync(NewHold())).Refusal!;
        Assert.That(refusal.ResetsAt, Is.EqualTo(DateTimeOffset.Parse(resetsAt, null)));

        Ledger.Pass(refusal.ResetsAt!.Value - TestLedger.Noon - TimeSpan.FromMilliseconds(1));
        Assert.That((await Ledger.TryAsync(NewHold())).IsGranted, Is.False, "the last moment of the window");
        Ledger.Pass(TimeSpan.FromMilliseconds(1));

        Assert.That((await Ledger.TryAsync(NewHold())).IsGranted, Is.True);
        await Ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task Budget_OfATeamInAnotherTimeZone_EndsAtItsMidnight()
    {
        var path = await Ledger.AddTeamAsync("Asia/Tokyo");
        await Ledger.SetAsync(ScopeKind.Team, path.IdOf(ScopeKind.Team), Spend(100) with { Window = PeriodKind.Day });
        Hold Next() => NewHold() with { ChargeSet = ChargeSet.Of(path, []) };
        Assert.That((await Ledger.TryAsync(Next())).IsGranted, Is.True);

        Assert.That((await Ledger.TryAsync(Next())).Refusal?.ResetsAt, Is.EqualTo(new DateTimeOffset(2026, 11, 15, 15, 0, 0, TimeSpan.Zero)));
        Ledger.Clock.Advance(TimeSpan.FromHours(3));
        Assert.That((await Ledger.TryAsync(Next())).IsGranted, Is.True);
        await Ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task Budget_WithRollOver_AddsWhatWasUnusedUpToItsCap()
    {
        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(500) with { Window = PeriodKind.Day, RollOverCap = 0.000000300m });
        Ledger.Clock.Advance(TimeSpan.FromDays(1));
        await SettleOneAsync(100);
        Ledger.Clock.Advance(TimeSpan.FromDays(1));

        Assert.That((await Ledger.TryAsync(NewHold(801))).Refusal?.LimitAmount, Is.EqualTo(800), "400 are unused, 300 go on");
        Assert.That((await Ledger.TryAsync(NewHold(800))).IsGranted, Is.True);
        await Ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task Hold_ThatExpiresAndSettlesLate_MovesTheCountersOfBudgets()
    {
        await Ledger.SetAsync(ScopeKind.Team, _path.IdOf(ScopeKind.Team), Spend(1_000), Of(BudgetMetric.Tokens, 1_000));
        var hold = NewHold();
        await Ledger.TryAsync(hold);

        await Ledger.ExpireAsync();
        var expired = await Ledger.UsesAsync(ScopeKind.Team, _path.IdOf(ScopeKind.Team));
        await Ledger.SettleAsync(hold.RequestId, 30);
        await Ledger.AssertAllBalancedAsync();
        var settled = await Ledger.UsesAsync(ScopeKind.Team, _path.IdOf(ScopeKind.Team));

        Assert.That(expired.Select(use => (use.Settled, use.Held)), Is.EqualTo([(100L, 0L), (33L, 0L)]));
        Assert.That(settled.Select(use => (use.Settled, use.Held)), Is.EqualTo([(30L, 0L), (12L, 0L)]));
    }

    [Test]
    public async Task Elastic_Hold_TakesAQuarterOfTheTightestBudget()
    {
        await Ledger.SetAsync(ScopeKind.Key, _key, Of(BudgetMetric.Tokens, 400));
        await Ledger.SetAsync(ScopeKind.Team, _path.IdOf(ScopeKind.Team), Spend(10_000));
        HeldOutput At(long limit) => new(limit, limit, new HeldAmount(limit, limit));
        var hold = NewHold(10) with
        {
            HeldTokens = 10,
            Elastic = new ElasticOutput(new(10, 10), new(5_000, 5_000), within => At(Math.Min(within.NanoUsd, within.Tokens))),
        };

        Assert.That((await Ledger.TryAsync(hold)).Chosen, Is.EqualTo(At(100)));
        await Ledger.AssertAllBalancedAsync();
    }

    private static NewBudget Spend(long nanoUsd) => new() { Metric = BudgetMetric.Spend, Window = PeriodKind.Month, Amount = Money.ToUsd(nanoUsd) };

    private static NewBudget Of(BudgetMetric metric, int amount) =>
        new() { Metric = metric, Window = metric == BudgetMetric.Concurrent ? null : PeriodKind.Month, Amount = amount };

    private Hold NewHold(long held = 100) => Ledger.NewHold(_user, held) with { ApiKeyId = _key, ChargeSet = ChargeSet.Of(_path, []) };

    private async Task SettleOneAsync(long cost)
    {
        var hold = NewHold();
        Assert.That((await Ledger.TryAsync(hold)).IsGranted, Is.True);
        await Ledger.SettleAsync(hold.RequestId, cost);
        await Ledger.FlushAsync();
    }
}
