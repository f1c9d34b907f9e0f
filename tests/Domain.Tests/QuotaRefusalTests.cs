namespace AiGateway.Domain.Tests;

public sealed class QuotaRefusalTests
{
    private static readonly DateTimeOffset Reset = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    [TestCase(BudgetMetric.Requests, PeriodKind.Day, "daily_requests")]
    [TestCase(BudgetMetric.Requests, PeriodKind.Month, "monthly_requests")]
    [TestCase(BudgetMetric.Spend, PeriodKind.Month, "monthly_spend")]
    [TestCase(BudgetMetric.Tokens, PeriodKind.Week, "weekly_tokens")]
    [TestCase(BudgetMetric.Tokens, PeriodKind.Quarter, "quarterly_tokens")]
    [TestCase(BudgetMetric.Requests, PeriodKind.Year, "yearly_requests")]
    [TestCase(BudgetMetric.Spend, PeriodKind.Total, "total_spend")]
    [TestCase(BudgetMetric.Spend, PeriodKind.Days, "30_day_spend")]
    [TestCase(BudgetMetric.Concurrent, PeriodKind.Total, "concurrent_requests")]
    public void LimitName_OfEachLimit_IsItsNameOnTheWire(BudgetMetric metric, PeriodKind kind, string name) =>
        Assert.That(new QuotaRefusal(new(metric, new(kind, 30)), 1, 1, 1, Reset).LimitName, Is.EqualTo(name));

    [Test]
    public void Describe_OfATeamsBudget_NamesTheTeamTheModelsAndWhatFits() =>
        Assert.That(
            new QuotaRefusal(new(BudgetMetric.Tokens, new(PeriodKind.Month)), 1000, 900, 150, Reset)
            {
                Scope = new LimitedScope(ScopeKind.Team, Guid.Empty, "Search", "gpt-6*"),
                FittingOutputLimit = 50,
            }.Describe(),
            Is.EqualTo(
                "The monthly_tokens (team Search, models gpt-6*) limit of 1000 would be exceeded: 900 tokens are used or held, and this "
                + "request may need 150. It fits with an output limit of at most 50 tokens. The limit resets at 2026-12-01T00:00:00Z."));

    [Test]
    public void Describe_OfARequestLimit_NamesTheLimitAndItsReset() =>
        Assert.That(
            new QuotaRefusal(QuotaLimit.DailyRequests, 1000, 1000, 1, Reset).Describe(),
            Is.EqualTo("The daily_requests limit of 1000 is used up. It resets at 2026-12-01T00:00:00Z."));

    [Test]
    public void Describe_OfTheSpendLimit_SaysDollarsToTheLastNanoDollar() =>
        Assert.That(
            new QuotaRefusal(QuotaLimit.MonthlySpend, 10_000_000_000, 9_999_999_999, 1_500_000_000, Reset).Describe(),
            Is.EqualTo(
                "The monthly_spend limit of 10 USD would be exceeded: 9.999999999 USD are used or held, "
                + "and this request may cost 1.5 USD. The limit resets at 2026-12-01T00:00:00Z."));
}
