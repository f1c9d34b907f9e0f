namespace AiGateway.Domain.Tests;

/// <summary>When a reply must wait for its settlement, because a limit is nearly used up.</summary>
public sealed class NearLimitTests
{
    private const long Noon = 1_794_744_000_000_000_000;
    private static readonly HeldAmount Held = new(100, 10);

    [TestCase(null, null, null, false, Description = "no limit")]
    [TestCase(15, 28, 1_300, false, Description = "eight more fit each limit")]
    [TestCase(14, 28, 1_300, true, Description = "seven more in the day")]
    [TestCase(15, 27, 1_300, true, Description = "seven more in the month")]
    [TestCase(15, 28, 1_299, true, Description = "fewer than eight within the spend")]
    [TestCase(7, 20, 500, true, Description = "nothing left")]
    public void IsReached_ByTheLimitsOfTheUser(int? day, int? month, int? spend, bool expected) =>
        Assert.That(
            NearLimit.IsReached(new LimitState(new QuotaLimits(day, month, spend), new QuotaUse(7, 20, 300, 200), []), Held),
            Is.EqualTo(expected));

    [TestCase(BudgetMetric.Requests, 28, false, false)]
    [TestCase(BudgetMetric.Requests, 27, false, true)]
    [TestCase(BudgetMetric.Requests, 27, true, false, Description = "a soft budget refuses nothing")]
    [TestCase(BudgetMetric.Concurrent, 27, false, true)]
    [TestCase(BudgetMetric.Tokens, 100, false, false)]
    [TestCase(BudgetMetric.Tokens, 99, false, true)]
    [TestCase(BudgetMetric.Spend, 820, false, false)]
    [TestCase(BudgetMetric.Spend, 819, false, true)]
    public void IsReached_ByABudget(BudgetMetric metric, long amount, bool isSoft, bool expected)
    {
        var budget = new Budget
        {
            Id = Guid.Empty,
            ScopeKind = ScopeKind.Team,
            ScopeId = Guid.Empty,
            Metric = metric,
            WindowKind = PeriodKind.Total,
            Amount = amount,
            IsSoft = isSoft,
            CountedSince = default,
        };
        var state = new LimitState(QuotaLimits.Unlimited, default, [new BudgetUse(budget, amount, 15, 5, null)]);

        Assert.That(NearLimit.IsReached(state, Held), Is.EqualTo(expected));
    }

    [TestCase(BudgetMetric.Requests, 8, false)]
    [TestCase(BudgetMetric.Requests, 7, true)]
    [TestCase(BudgetMetric.Tokens, 80, false)]
    [TestCase(BudgetMetric.Tokens, 79, true)]
    public void IsReached_ByARate(BudgetMetric metric, long amount, bool expected)
    {
        var rate = new Rate { ScopeKind = ScopeKind.Key, ScopeId = Guid.Empty, Metric = metric, Amount = amount, Since = default };
        var state = new LimitState(QuotaLimits.Unlimited, default, []) { Rates = [new RateState(rate, 0, Noon)] };

        Assert.That(NearLimit.IsReached(state, Held), Is.EqualTo(expected));
    }

    [Test]
    public void IsReached_OfARequestThatCostsNothing_AsksOnlyForTheNumberOfRequests() =>
        Assert.That(NearLimit.IsReached(new LimitState(new QuotaLimits(8, null, 0), default, []), default), Is.False);

    [Test]
    public void IsReached_AtTheLargestAmounts_DoesNotOverflow() =>
        Assert.That(
            NearLimit.IsReached(
                new LimitState(new QuotaLimits(null, null, long.MaxValue), new QuotaUse(0, 0, long.MaxValue, 0), []), new(long.MaxValue, long.MaxValue)),
            Is.True);
}
