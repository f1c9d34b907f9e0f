namespace AiGateway.Domain.Tests.Rates;

public sealed class RateAdmissionTests
{
    private const long Noon = 1_794_744_000_000_000_000;
    private static readonly HeldAmount Needed = new(10, 500);

    [Test]
    public void Decide_WhenTwoRatesRefuse_NamesTheMoreSpecificAndWaitsForBoth()
    {
        var refusal = Decide([Full(ScopeKind.Key, BudgetMetric.Requests, 60), Full(ScopeKind.Team, BudgetMetric.Tokens, 6_000)])!;

        Assert.That((refusal.LimitName, refusal.Scope!.Kind), Is.EqualTo(("requests_per_minute", ScopeKind.Key)));
        Assert.That(refusal.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(5)), "500 of 6000 tokens a minute");
        Assert.That(refusal.Describe(), Does.EndWith("limit of 60 is used up. Retry in 5 s."));
        Assert.That(new QuotaExceededException(refusal), Has.Property("Code").EqualTo(ErrorCode.RateLimited).And.Property("RetryAfter").EqualTo(refusal.RetryAfter));
    }

    [Test]
    public void Decide_WhenNoWaitIsLongEnough_SaysSo()
    {
        var refusal = Decide([Full(ScopeKind.Key, BudgetMetric.Requests, 60), Full(ScopeKind.Team, BudgetMetric.Tokens, 499)])! with { FittingOutputLimit = 42 };

        Assert.That((refusal.LimitName, refusal.IsTooLarge, refusal.RetryAfter), Is.EqualTo(("tokens_per_minute", true, (TimeSpan?)null)));
        Assert.That(refusal.Describe(), Does.StartWith("Request too large for the tokens_per_minute (team ").And.Contain("may need 500 tokens, and the limit is 499."));
        Assert.That(refusal.Describe(), Does.EndWith("A wait does not help. It fits with an output limit of at most 42 tokens."));
    }

    [TestCase(ScopeKind.Key, "requests_per_minute")]
    [TestCase(ScopeKind.User, "total_requests", Description = "of one scope, the budget")]
    [TestCase(ScopeKind.Organisation, "total_requests")]
    public void Decide_WhenABudgetOfTheUserRefusesToo_NamesTheMoreSpecific(ScopeKind ofRate, string name)
    {
        var budget = new Budget
        {
            Id = Guid.Empty,
            ScopeKind = ScopeKind.User,
            ScopeId = Guid.Empty,
            Metric = BudgetMetric.Requests,
            WindowKind = PeriodKind.Total,
            Amount = 0,
            CountedSince = default,
        };
        var state = new LimitState(QuotaLimits.Unlimited, default, [new BudgetUse(budget, 0, 0, 0, null)]) { Rates = [Full(ofRate, BudgetMetric.Requests, 60)] };

        Assert.That(Admission.Decide(state, Needed, DateTimeOffset.UnixEpoch)!.LimitName, Is.EqualTo(name));
    }

    [Test]
    public void AmountFor_WithARateOfTokens_IsBoundedByWhatIsLeft()
    {
        var rate = Full(ScopeKind.Key, BudgetMetric.Tokens, 6_000).Correct(6_000, 5_000);
        var state = new LimitState(QuotaLimits.Unlimited, default, []) { Rates = [rate] };

        Assert.That(Admission.AmountFor(state, new(1, 2_000), new(1, 9_000)).Tokens, Is.EqualTo(1_000));
        Assert.That(Admission.AmountFor(state, new(1, 100), new(1, 9_000)).Tokens, Is.EqualTo(250), "a quarter");
    }

    [Test]
    public void Figures_OfSeveralRates_AreThoseOfTheTightest()
    {
        var figures = RateFigures.Of(
            [Full(ScopeKind.Key, BudgetMetric.Tokens, 600).Correct(600, 0), Full(ScopeKind.Team, BudgetMetric.Tokens, 6_000).Correct(6_000, 5_900)])!;

        Assert.That(figures.Requests, Is.Null);
        Assert.That((figures.Tokens!.Value.Limit, figures.Tokens.Value.Remaining), Is.EqualTo((6_000L, 100L)));
        Assert.That(RateFigures.Of([]), Is.Null);
    }

    private static QuotaRefusal? Decide(IReadOnlyList<RateState> rates) =>
        Admission.Decide(new LimitState(QuotaLimits.Unlimited, default, []) { Rates = rates }, Needed, DateTimeOffset.UnixEpoch);

    private static RateState Full(ScopeKind kind, BudgetMetric metric, long amount) => new RateState(
        new Rate { ScopeId = Guid.Empty, ScopeKind = kind, Metric = metric, Amount = amount, Since = default }, 0, Noon).Take(amount);
}
