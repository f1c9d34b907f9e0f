using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Tests.Ledger;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class LimitTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset NextDay = new(2026, 11, 16, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset NextMonth = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task Hold_WhenDailyRequestsAreUsedUp_IsRefusedWithTheLimitNamed()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(2, 3, 1000));
        await ledger.HoldAsync(user);
        await ledger.HoldAsync(user);

        Assert.That(
            await ledger.TryHoldAsync(user), Is.EqualTo(new QuotaRefusal(QuotaLimit.DailyRequests, 2, 2, 1, NextDay)));
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(2, 2, 0, 200)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenMonthlyRequestsAreUsedUp_IsRefusedWithTheLimitNamed()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(null, 1, 1000));
        await ledger.HoldAsync(user);

        Assert.That(
            await ledger.TryHoldAsync(user), Is.EqualTo(new QuotaRefusal(QuotaLimit.MonthlyRequests, 1, 1, 1, NextMonth)));
    }

    [Test]
    public async Task Hold_WhenItFillsTheSpendLimitExactly_IsGrantedAndOneNanoMoreIsRefused()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(null, null, 300));
        await ledger.SettleAsync(await ledger.HoldAsync(user, 150), cost: 100);
        await ledger.HoldAsync(user, 200);

        Assert.That(
            await ledger.TryHoldAsync(user, 1), Is.EqualTo(new QuotaRefusal(QuotaLimit.MonthlySpend, 300, 300, 1, NextMonth)));
        Assert.That(await ledger.TryHoldAsync(user, 0), Is.Null, "a call that costs nothing fits any limit");
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(3, 3, 100, 200)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_NearALimit_AsksForAnAwaitedSettlementWhereOtherGatewaysShareTheLedger()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var near = await ledger.AddUserAsync(new QuotaLimits(null, null, 799));
        var far = await ledger.AddUserAsync(new QuotaLimits(null, null, 800));

        var isShared = kind != DatabaseKind.Sqlite;
        Assert.That(await IsAwaitedAsync(near), Is.EqualTo(isShared));
        Assert.That(await IsAwaitedAsync(far), Is.False);
        Assert.That(await IsAwaitedAsync(far), Is.EqualTo(isShared), "the first hold counts");

        async Task<bool> IsAwaitedAsync(Guid user) =>
            (await ledger.Ledger.HoldAsync(ledger.NewHold(user, 100), CancellationToken.None)).AwaitSettlement;
    }

    [Test]
    public async Task Hold_WhenAllLimitsAreUsedUp_NamesThemInTheOrderDayMonthSpend()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(0, 0, 0));
        Assert.That((await ledger.TryHoldAsync(user))!.Limit, Is.EqualTo(QuotaLimit.DailyRequests));
        await ledger.SetLimitsAsync(user, new QuotaLimits(1, 0, 0));
        Assert.That((await ledger.TryHoldAsync(user))!.Limit, Is.EqualTo(QuotaLimit.MonthlyRequests));
        await ledger.SetLimitsAsync(user, new QuotaLimits(1, 1, 0));
        Assert.That((await ledger.TryHoldAsync(user))!.Limit, Is.EqualTo(QuotaLimit.MonthlySpend));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenTheUserHasNoOwnLimits_UsesTheDefaults()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, defaults: new QuotaLimits(1, 10, 1000));
        var user = await ledger.AddUserAsync();
        var unlimited = await ledger.AddUserAsync(QuotaLimits.Unlimited);
        await ledger.HoldAsync(user);
        await ledger.HoldAsync(unlimited);

        Assert.That((await ledger.TryHoldAsync(user))!.Limit, Is.EqualTo(QuotaLimit.DailyRequests));
        Assert.That(await ledger.TryHoldAsync(unlimited), Is.Null, "own limits that are all unlimited replace the defaults");
    }

    [Test]
    public async Task Hold_WhenLimitsAreChanged_UsesThemFromTheNextDecision()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(1, null, null));
        await ledger.HoldAsync(user);
        Assert.That(await ledger.TryHoldAsync(user), Is.Not.Null);

        await ledger.SetLimitsAsync(user, new QuotaLimits(2, null, null));
        await ledger.HoldAsync(user);
        await ledger.SetLimitsAsync(user, new QuotaLimits(1, null, null));

        Assert.That(await ledger.TryHoldAsync(user), Is.EqualTo(new QuotaRefusal(QuotaLimit.DailyRequests, 1, 2, 1, NextDay)));
    }

    [Test]
    public async Task Holds_When200ComeAtOnceForABudgetOfTen_ExactlyTenAreGranted()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(null, null, 10 * 777));

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => ledger.TryHoldAsync(user, 777))));

        Assert.That(answers.Count(refusal => refusal is null), Is.EqualTo(10));
        Assert.That(answers, Has.All.Null.Or.Property(nameof(QuotaRefusal.Limit)).EqualTo(QuotaLimit.MonthlySpend));
        Assert.That(await ledger.UseAsync(user), Is.EqualTo(new QuotaUse(10, 10, 0, 7770)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenUsersShareATransaction_EachHasItsOwnLimits()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, started: false);
        var users = await Task.WhenAll(Enumerable.Range(1, 5).Select(limit => ledger.AddUserAsync(new QuotaLimits(limit, null, null))));
        var holds = Enumerable.Range(0, 50).Select(i => (User: i % 5, Answer: ledger.TryHoldAsync(users[i % 5]))).ToList();
        await ledger.StartAsync();
        await Task.WhenAll(holds.Select(hold => hold.Answer));

        var granted = holds.Where(hold => hold.Answer.Result is null).GroupBy(hold => hold.User).OrderBy(group => group.Key);
        Assert.That(granted.Select(group => group.Count()), Is.EqualTo((int[])[1, 2, 3, 4, 5]));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Holds_OfOneBatch_AreGrantedInOrderOfArrival()
    {
        await using var ledger = await TestLedger.OpenAsync(kind, started: false);
        var user = await ledger.AddUserAsync(new QuotaLimits(null, null, 100));
        var answers = new[] { 60, 50, 40 }.Select(amount => ledger.TryHoldAsync(user, amount)).ToList();
        await ledger.StartAsync();

        Assert.That((await Task.WhenAll(answers)).Select(refusal => refusal is null), Is.EqualTo((bool[])[true, false, true]));
    }

    [Test]
    public async Task Hold_AtMidnight_CountsInTheNewDayAndSettlesInTheOld()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(1, 2, null));
        var (before, after) = (NextDay.AddMilliseconds(-1), NextDay);
        var first = await ledger.HoldAsync(user, 100, before);
        Assert.That((await ledger.TryHoldAsync(user, 100, before))!.ResetsAt, Is.EqualTo(NextDay));
        await ledger.HoldAsync(user, 50, after);
        await ledger.SettleAsync(first, cost: 30);

        Assert.That((await ledger.TryHoldAsync(user, 1, after.AddDays(1)))!.Limit, Is.EqualTo(QuotaLimit.MonthlyRequests));
        Assert.That(await ledger.UseAsync(user, before), Is.EqualTo(new QuotaUse(1, 2, 30, 50)));
        Assert.That(await ledger.UseAsync(user, after), Is.EqualTo(new QuotaUse(1, 2, 30, 50)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_AtTheEndOfTheMonth_HasTheNewMonthsBudgetAndSettlesInTheOld()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(null, null, 100));

        // The instants are written in another time zone. 1 December begins in UTC all the same.
        var before = new DateTimeOffset(2026, 12, 1, 0, 59, 59, 999, TimeSpan.FromHours(1));
        var first = await ledger.HoldAsync(user, 100, before);
        Assert.That((await ledger.TryHoldAsync(user, 1, before))!.ResetsAt, Is.EqualTo(NextMonth));
        await ledger.HoldAsync(user, 100, NextMonth);
        await ledger.SettleAsync(first, cost: 70);

        Assert.That(await ledger.UseAsync(user, before), Is.EqualTo(new QuotaUse(1, 1, 70, 0)));
        Assert.That(await ledger.UseAsync(user, NextMonth), Is.EqualTo(new QuotaUse(1, 1, 0, 100)));
        await ledger.AssertBalancedAsync();
    }
}
