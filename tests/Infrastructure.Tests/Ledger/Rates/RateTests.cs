using AiGateway.Application.Administration;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores.Teams;
using AiGateway.Infrastructure.Tests.Ledger.Budgets;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Tests.Ledger.Rates;

/// <summary>Rates as the ledger applies them, on each engine whose clock a test can drive.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
internal sealed class RateTests(DatabaseKind kind)
{
    private TestLedger _ledger = null!;
    private Guid _user;

    [SetUp]
    public async Task OpenAsync()
    {
        _ledger = await RatedLedger.OpenAsync(kind);
        _user = await _ledger.AddUserAsync();
    }

    [TearDown]
    public async Task CloseAsync() => await _ledger.DisposeAsync();

    [Test]
    public async Task Requests_BeyondTheRate_AreAdmittedExactlyAfterTheWait()
    {
        await _ledger.SetRatesAsync(ScopeKind.User, _user, requests: 3);
        for (var i = 0; i < 3; i++) await _ledger.HoldAsync(_user);

        var refusal = await _ledger.TryHoldAsync(_user);
        Assert.That((refusal!.LimitName, refusal.Scope!.Id, refusal.RetryAfter), Is.EqualTo(("requests_per_minute", _user, TimeSpan.FromSeconds(20))));
        await _ledger.PassAsync(TimeSpan.FromSeconds(19));
        Assert.That((await _ledger.TryHoldAsync(_user))!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(1)));
        await _ledger.PassAsync(TimeSpan.FromSeconds(1));
        Assert.That(await _ledger.TryHoldAsync(_user), Is.Null);
        Assert.That(await _ledger.TryHoldAsync(_user), Is.Not.Null);
        await _ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task Tokens_ThatWereHeldAndNotUsed_AreGivenBackByTheSettlement()
    {
        await _ledger.SetRatesAsync(ScopeKind.User, _user, requests: 10, tokens: 1_000);
        var (settled, released, above) = (await HoldAsync(300), await HoldAsync(300), await HoldAsync(100));
        Assert.That(await _ledger.LeftAsync(_user), Is.EqualTo([7L, 300L]));

        await _ledger.Ledger.SettleAsync(RatedLedger.Used(settled, 50));
        Assert.That(await _ledger.LeftAsync(_user), Is.EqualTo([7L, 550L]), "settled");
        await _ledger.ReleaseAsync(released);
        Assert.That(await _ledger.LeftAsync(_user), Is.EqualTo([8L, 850L]), "released: the request as well");
        await _ledger.Ledger.SettleAsync(RatedLedger.Used(above, 250));
        Assert.That(await _ledger.LeftAsync(_user), Is.EqualTo([8L, 700L]), "more was used than held");
        await _ledger.Ledger.SettleAsync(RatedLedger.Used(above, 0));
        Assert.That(await _ledger.LeftAsync(_user), Is.EqualTo([8L, 700L]), "a second settlement changes nothing");
    }

    [Test]
    public async Task Hold_ThatExpires_GivesNothingBack_AndItsLateSettlementNeither()
    {
        await _ledger.SetRatesAsync(ScopeKind.User, _user, tokens: 1_000);
        var late = await HoldAsync(600);
        await _ledger.CrashAsync();
        await _ledger.PassAsync(new LedgerSettings().HoldLease + TimeSpan.FromMinutes(1));
        await _ledger.FlushAsync();
        await HoldAsync(900);

        await _ledger.Ledger.SettleAsync(RatedLedger.Used(late, 1));

        Assert.That((await _ledger.FindAsync(late))!.Status, Is.EqualTo(UsageStatus.Settled));
        Assert.That(await _ledger.LeftAsync(_user), Is.EqualTo([100L]));
    }

    [Test]
    public async Task Refusal_ByOneRate_TakesNothingOfTheOthers()
    {
        var (key, path) = (await _ledger.AddKeyAsync(_user), await _ledger.AddTeamAsync());
        await _ledger.SetRatesAsync(ScopeKind.Key, key, requests: 5, tokens: 1_000);
        await _ledger.SetRatesAsync(ScopeKind.Organisation, path.IdOf(ScopeKind.Organisation), tokens: 400);

        var refused = await _ledger.TryAsync(NewHold(300, key, path) with { HeldTokens = 401 });
        var granted = await _ledger.TryAsync(NewHold(300, key, path));
        var waiting = await _ledger.TryAsync(NewHold(300, key, path));

        Assert.That((refused.Refusal!.IsTooLarge, refused.Refusal.Scope!.Kind), Is.EqualTo((true, ScopeKind.Organisation)));
        Assert.That(granted.IsGranted, Is.True);
        Assert.That(waiting.Refusal!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(await _ledger.LeftAsync(key), Is.EqualTo([4L, 700L]));
        Assert.That((granted.Rates!.Tokens!.Value.Limit, granted.Rates.Tokens.Value.Remaining), Is.EqualTo((400L, 100L)), "the tightest");
        Assert.That((granted.Rates.Requests!.Value.Limit, granted.Rates.Requests.Value.Remaining), Is.EqualTo((5L, 4L)));
        Assert.That(waiting.Rates!.Tokens!.Value.Remaining, Is.EqualTo(100));
    }

    [Test]
    public async Task Key_MovedToAnotherTeamWhileARequestRuns_GivesBackWhereItWasTaken()
    {
        var key = await _ledger.AddKeyAsync(_user);
        var (before, after) = (await _ledger.AddTeamAsync(), await _ledger.AddTeamAsync());
        foreach (var path in (ScopePath[])[before, after]) await _ledger.SetRatesAsync(ScopeKind.Team, path.IdOf(ScopeKind.Team), tokens: 1_000);
        var (first, second) = (NewHold(600, key, before), NewHold(600, key, after));
        await _ledger.TryAsync(first);
        await _ledger.TryAsync(second);

        await _ledger.Ledger.SettleAsync(RatedLedger.Used(first.RequestId, 100));

        Assert.That(await _ledger.LeftAsync(before.IdOf(ScopeKind.Team)), Is.EqualTo([900L]));
        Assert.That(await _ledger.LeftAsync(after.IdOf(ScopeKind.Team)), Is.EqualTo([400L]));
    }

    [TestCase(100)]
    [TestCase(10_000)]
    public async Task Rate_WithAnotherAmount_KeepsTheShareThatIsUsed_AndRequestsInProgressGiveNothingBack(long amount)
    {
        await _ledger.SetRatesAsync(ScopeKind.User, _user, tokens: 1_000);
        var running = await HoldAsync(500);
        await _ledger.PassAsync(TimeSpan.FromMilliseconds(1));

        await _ledger.SetRatesAsync(ScopeKind.User, _user, tokens: amount);
        await _ledger.Ledger.SettleAsync(RatedLedger.Used(running, 0));
        Assert.That(await _ledger.LeftAsync(_user), Is.EqualTo([amount / 2]));
        await _ledger.PassAsync(TimeSpan.FromSeconds(30));
        Assert.That(await _ledger.LeftAsync(_user), Is.EqualTo([amount]));

        await _ledger.SetRatesAsync(ScopeKind.User, _user, requests: 1);
        await HoldAsync(1_000_000);
        Assert.That(await _ledger.LeftAsync(_user), Is.EqualTo([0L]), "without a rate of tokens");
        await _ledger.SetRatesAsync(ScopeKind.User, _user);
        await HoldAsync(1_000_000);
        await _ledger.AssertAllBalancedAsync();
    }

    [Test]
    public async Task Rate_AfterACrash_IsAsUsedAsBefore_AndAClockSetBackAdmitsNothingMore()
    {
        await _ledger.SetRatesAsync(ScopeKind.User, _user, requests: 2);
        await HoldAsync(1);
        await HoldAsync(1);
        await _ledger.CrashAsync();
        Assert.That((await _ledger.TryHoldAsync(_user))!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(30)));

        await _ledger.PassAsync(-TimeSpan.FromHours(1));
        Assert.That((await _ledger.TryHoldAsync(_user, at: TestLedger.Noon))!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(30)));
        await _ledger.PassAsync(TimeSpan.FromSeconds(90));
        Assert.That((await _ledger.TryHoldAsync(_user, at: TestLedger.Noon))!.RetryAfter, Is.LessThanOrEqualTo(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task Elastic_WithoutAnOutputLimit_IsBoundedByTheTokensLeft()
    {
        await _ledger.SetRatesAsync(ScopeKind.User, _user, tokens: 1_000);
        await HoldAsync(800);
        var elastic = new ElasticOutput(new HeldAmount(1, 150), new HeldAmount(1, 5_000), amount => new HeldOutput(amount.Tokens, amount.Tokens, amount));

        var decision = await _ledger.TryAsync(_ledger.NewHold(_user).OfTokens(150) with { Elastic = elastic });

        Assert.That(decision.Chosen!.Value.Amount.Tokens, Is.EqualTo(150), "a quarter of 200 is less than usual");
        Assert.That(decision.Rates!.Tokens!.Value.Remaining, Is.EqualTo(50));
    }

    [Test]
    public async Task Scope_ThatIsDeleted_HasNoRatesAfterwards()
    {
        var team = (await _ledger.AddTeamAsync()).IdOf(ScopeKind.Team);
        await _ledger.SetRatesAsync(ScopeKind.Team, team, requests: 1, tokens: 1);

        await new ScopeStore(_ledger.Database.Contexts).DeleteAsync(ScopeKind.Team, team, Actor.Operator, TestLedger.Noon, CancellationToken.None);

        await using var context = await _ledger.Database.Contexts.CreateDbContextAsync();
        Assert.That(await context.Rates.CountAsync(), Is.Zero);
        Assert.That((await context.BudgetState.SingleAsync()).Rates, Is.Zero);
    }

    private async Task<Guid> HoldAsync(long tokens)
    {
        var hold = _ledger.NewHold(_user).OfTokens(tokens);
        Assert.That((await _ledger.TryAsync(hold)).IsGranted, Is.True, "the hold is granted");
        return hold.RequestId;
    }

    private Hold NewHold(long tokens, Guid key, ScopePath path) =>
        _ledger.NewHold(_user).OfTokens(tokens) with { ApiKeyId = key, ChargeSet = ChargeSet.Of(path, []) };
}
