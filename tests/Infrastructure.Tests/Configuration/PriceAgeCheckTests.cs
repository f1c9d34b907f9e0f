using AiGateway.Application.Pricing;
using AiGateway.Infrastructure.Configuration;
using NSubstitute;

namespace AiGateway.Infrastructure.Tests.Configuration;

public sealed class PriceAgeCheckTests
{
    [TestCase("2026-11-25")]
    [TestCase("2026-08-28", Description = "90 days")]
    [TestCase("2026-12-24", Description = "a day in the future")]
    [TestCase(null, Description = "unknown")]
    public void Check_OfRecentPrices_HasNoWarning(string? day) => Assert.That(Check(day), Is.Null);

    [Test]
    public void Check_OfOldPrices_NamesTheDayOfTheLastCheck() =>
        Assert.That(Check("2026-08-27"), Does.Contain("older than 90 days").And.Contain("2026-08-27").And.Contain("AI_GATEWAY_PRICES"));

    private static string? Check(string? day)
    {
        var prices = Substitute.For<IPriceBook>();
        prices.CheckedOn.Returns(day is null ? null : DateOnly.ParseExact(day, "O"));
        return PriceAgeCheck.Check(prices, new DateOnly(2026, 11, 26));
    }
}
