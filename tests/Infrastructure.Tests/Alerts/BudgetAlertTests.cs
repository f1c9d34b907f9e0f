using AiGateway.Application.Budgets;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores.Alerts;
using AiGateway.Infrastructure.Tests.Ledger;
using AiGateway.Infrastructure.Tests.Ledger.Budgets;

namespace AiGateway.Infrastructure.Tests.Alerts;

/// <summary>The ledger writes one alert for each threshold of a budget, on every engine. Amounts are nano-dollars.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class BudgetAlertTests(DatabaseKind kind)
{
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
    public async Task Use_ThatReachesAThreshold_WritesOneAlertWithWhatIsUsedAndHeld()
    {
        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(1_000, 80));
        await SettleAsync(500, 400);
        Assert.That(await AlertsAsync(), Is.Empty, "at most 50 % were used and held at once");

        await Ledger.TryAsync(NewHold(400));

        var alert = (await AlertsAsync()).Single();
        Assert.That(
            (alert.Kind, alert.ScopeKind, alert.ScopeId, alert.Metric, alert.Percent, alert.Amount, alert.Used, alert.Held),
            Is.EqualTo((AlertKind.Budget, ScopeKind.Key, _key, BudgetMetric.Spend, 80, 1_000L, 400L, 400L)));
        Assert.That((alert.At, alert.WindowStart, alert.QueuedAt), Is.EqualTo((TestLedger.Noon, new DateOnly(2026, 11, 1), null as DateTimeOffset?)));
        Assert.That(alert.ResetsAt, Is.EqualTo(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    [Test]
    public async Task Use_ThatFallsAndRisesAgain_EvenInAnotherProcess_WritesNoSecondAlert()
    {
        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(1_000, 50, 80));
        await SettleAsync(850, 10);
        await SettleAsync(850, 10);
        await Ledger.CrashAsync();
        await SettleAsync(850, 10);
        await SettleAsync(850, 10);

        Assert.That((await AlertsAsync()).Select(alert => alert.Percent), Is.EquivalentTo([50, 80]));
        await Ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task Budgets_SetAgainAsTheyWere_TellNothingAgain_AndALargerAmountCountsItsThresholdsAgain()
    {
        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(1_000, 50, 80));
        await SettleAsync(600, 600);
        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(1_000, 50, 80));
        await SettleAsync(10, 10);
        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(1_100, 50, 80));
        await SettleAsync(10, 10);
        Assert.That((await AlertsAsync()).Select(alert => (alert.Percent, alert.Amount)), Is.EqualTo([(50, 1_000L)]), "550 of 1100 were told already");

        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(2_000, 50, 80));
        await SettleAsync(300, 300);
        Assert.That((await AlertsAsync()).Select(alert => (alert.Percent, alert.Amount)), Is.EqualTo([(50, 1_000L)]), "920 of 2000");
        await SettleAsync(100, 100);

        Assert.That((await AlertsAsync()).Select(alert => (alert.Percent, alert.Amount)), Is.EquivalentTo([(50, 1_000L), (50, 2_000L)]));
    }

    [Test]
    public async Task Budget_SetWhenItsThresholdIsReachedAlready_IsToldAtTheNextUse()
    {
        await SettleAsync(900, 900);
        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(1_000, 80));

        await SettleAsync(10, 1);

        Assert.That((await AlertsAsync()).Single().Percent, Is.EqualTo(80));
    }

    [Test]
    public async Task Budget_PerEndUser_IsToldForEach()
    {
        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(1_000, 80) with { PerEndUser = true });

        foreach (var endUser in (string?[])["ada", "grace", null, "ada"]) await Ledger.TryAsync(NewHold(450) with { EndUser = endUser });
        await Ledger.TryAsync(NewHold(450) with { EndUser = null });

        Assert.That((await AlertsAsync()).Select(alert => alert.EndUser), Is.EquivalentTo(["ada", ""]));
    }

    [Test]
    public async Task Budget_OfRequestsInProgress_IsToldOnceADay()
    {
        await Ledger.SetAsync(ScopeKind.Key, _key, new NewBudget { Metric = BudgetMetric.Concurrent, Amount = 2, AlertPercents = [100] });
        foreach (var day in (int[])[0, 0, 1])
        {
            Ledger.Clock.Advance(TimeSpan.FromDays(day));
            var (one, two) = (NewHold(1), NewHold(1));
            await Ledger.TryAsync(one);
            await Ledger.TryAsync(two);
            await Ledger.ReleaseAsync(one.RequestId);
            await Ledger.ReleaseAsync(two.RequestId);
            await Ledger.FlushAsync();
        }

        Assert.That((await AlertsAsync()).Select(alert => alert.WindowStart), Is.EquivalentTo([new DateOnly(2026, 11, 15), new DateOnly(2026, 11, 16)]));
    }

    [Test]
    public async Task Budget_InTheNextWindow_IsToldAgain_AndOneThatIsNotValidIsNot()
    {
        await Ledger.SetAsync(ScopeKind.Key, _key, Spend(1_000, 80) with { Window = PeriodKind.Day }, Spend(1_000, 90) with { ValidTo = TestLedger.Noon });
        await SettleAsync(900, 900);
        Ledger.Clock.Advance(TimeSpan.FromDays(1));
        await SettleAsync(900, 900);

        Assert.That((await AlertsAsync()).Select(alert => (alert.Percent, alert.WindowStart)), Is.EquivalentTo([(80, new DateOnly(2026, 11, 15)), (80, new DateOnly(2026, 11, 16))]));
    }

    private static NewBudget Spend(long nanoUsd, params int[] percents) =>
        new() { Metric = BudgetMetric.Spend, Window = PeriodKind.Month, Amount = Money.ToUsd(nanoUsd), AlertPercents = percents };

    private Hold NewHold(long held) => Ledger.NewHold(_user, held) with { ApiKeyId = _key };

    private async Task SettleAsync(long held, long cost)
    {
        var hold = NewHold(held);
        Assert.That((await Ledger.TryAsync(hold)).IsGranted, Is.True);
        await Ledger.SettleAsync(hold.RequestId, cost);
        await Ledger.FlushAsync();
    }

    private async Task<IReadOnlyList<Alert>> AlertsAsync() =>
        [.. (await new AlertLog(Ledger.Database.Contexts).ListAsync(null, null, 200, CancellationToken.None)).Where(alert => alert.ScopeId == _key)];
}
