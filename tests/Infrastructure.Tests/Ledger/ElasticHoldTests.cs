using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Tests.Ledger;

/// <summary>The ledger chooses an output limit by the capacity left. One token costs one nano-dollar, and the prompt ten.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class ElasticHoldTests(DatabaseKind kind)
{
    private const long Prompt = 10;

    [TestCase(null, 5_000, Description = "without a limit: all that the model can write")]
    [TestCase(4_000, 990, Description = "a quarter of the budget, the prompt included")]
    [TestCase(300, 200, Description = "the usual limit, though it is more than a quarter")]
    public async Task Hold_WithoutAnOutputLimit_ChoosesOneByTheCapacityLeft(long? budget, long expected)
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(null, null, budget));
        var hold = NewHold(ledger, user, least: 200, usual: 200, most: 5_000);

        var decision = await ledger.Ledger.HoldAsync(hold, CancellationToken.None);

        Assert.That(decision.Chosen, Is.EqualTo(At(expected)));
        await using var context = await ledger.Database.Contexts.CreateDbContextAsync();
        var record = await context.UsageRecords.SingleAsync(each => each.Id == hold.RequestId);
        Assert.That((record.CompletionTokens, record.HeldNanoUsd), Is.EqualTo((expected, Prompt + expected)));
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WithLessCapacityThanTheLeastLimitNeeds_IsRefused()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(null, null, 209));

        var decision = await ledger.Ledger.HoldAsync(NewHold(ledger, user, least: 200, usual: 200, most: 5_000), CancellationToken.None);

        Assert.That(decision.Refusal, Is.EqualTo(new QuotaRefusal(QuotaLimit.MonthlySpend, 209, 0, 210, QuotaPeriod.MonthOf(TestLedger.Noon).ResetsAt)));
        Assert.That(decision.Chosen, Is.Null);
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_ThatMayBeLowered_TakesWhatIsLeft()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(null, null, 70));

        var decision = await ledger.Ledger.HoldAsync(NewHold(ledger, user, least: 1, usual: 200, most: 200), CancellationToken.None);

        Assert.That(decision.Chosen, Is.EqualTo(At(60)));
        Assert.That(await ledger.TryHoldAsync(user, 1), Is.Not.Null, "nothing is left");
        await ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_OfManyAtOnce_FillsTheBudgetAndNeverExceedsIt()
    {
        await using var ledger = await TestLedger.OpenAsync(kind);
        var user = await ledger.AddUserAsync(new QuotaLimits(null, null, 10_000));

        var decisions = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(
            () => ledger.Ledger.HoldAsync(NewHold(ledger, user, least: 50, usual: 50, most: 5_000), CancellationToken.None))));

        var held = decisions.Sum(decision => decision.Chosen?.Amount.NanoUsd ?? 0);
        Assert.That(held, Is.InRange(10_000 - (Prompt + 50) + 1, 10_000), "each takes a part, until not even the least is left");
        Assert.That(decisions.Max(decision => decision.Chosen?.Amount.NanoUsd), Is.EqualTo(2_500), "none takes more than a quarter");
        Assert.That(decisions, Has.All.Matches<HoldDecision>(decision => decision.IsGranted == decision.Chosen is not null));
        Assert.That((await ledger.UseAsync(user)).MonthHeldNanoUsd, Is.EqualTo(held));
        await ledger.AssertBalancedAsync();
    }

    private static HeldOutput At(long limit) => new(limit, limit, new HeldAmount(Prompt + limit, Prompt + limit));

    private static Hold NewHold(TestLedger ledger, Guid user, long least, long usual, long most) =>
        ledger.NewHold(user, At(least).Amount.NanoUsd) with
        {
            HeldTokens = At(least).Amount.Tokens,
            Elastic = new ElasticOutput(At(usual).Amount, At(most).Amount, within => At(Math.Min(most, Math.Min(within.NanoUsd, within.Tokens) - Prompt))),
        };
}
