namespace AiGateway.Domain.Tests;

public sealed class QuotaRefusalTests
{
    private static readonly DateTimeOffset Reset = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    [TestCase(QuotaLimit.DailyRequests, "daily_requests")]
    [TestCase(QuotaLimit.MonthlyRequests, "monthly_requests")]
    [TestCase(QuotaLimit.MonthlySpend, "monthly_spend")]
    public void LimitName_OfEachLimit_IsItsNameOnTheWire(QuotaLimit limit, string name) =>
        Assert.That(new QuotaRefusal(limit, 1, 1, 1, Reset).LimitName, Is.EqualTo(name));

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
