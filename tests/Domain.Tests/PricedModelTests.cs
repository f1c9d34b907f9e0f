using System.Globalization;

namespace AiGateway.Domain.Tests;

public sealed class PricedModelTests
{
    private static readonly PricedModel Model = new()
    {
        Model = "gpt-x",
        Provider = "openai",
        Capabilities = new ModelCapabilities { ContextWindow = 1, MaxOutputTokens = 1 },
        RetiredOn = new DateOnly(2026, 10, 23),
        Prices = [PriceFrom("2026-01-01", 100), PriceFrom("2026-07-30", 50), PriceFrom("2026-09-03", 40)],
    };

    [TestCase("2025-06-01", ExpectedResult = 100, Description = "before the first date, the first price")]
    [TestCase("2026-01-01", ExpectedResult = 100)]
    [TestCase("2026-07-29", ExpectedResult = 100)]
    [TestCase("2026-07-30", ExpectedResult = 50)]
    [TestCase("2026-09-02", ExpectedResult = 50)]
    [TestCase("2026-09-03", ExpectedResult = 40)]
    [TestCase("2030-01-01", ExpectedResult = 40)]
    public long PriceOn_ADay_IsTheOneInForce(string day) => Model.PriceOn(Day(day)).InputNanoUsdPerMillion;

    [TestCase("2026-10-22", ExpectedResult = false)]
    [TestCase("2026-10-23", ExpectedResult = true)]
    [TestCase("2026-10-24", ExpectedResult = true)]
    public bool IsRetiredOn_ADay_CountsFromTheFirstDayWithoutService(string day) => Model.IsRetiredOn(Day(day));

    [Test]
    public void IsRetiredOn_WithoutADate_IsNever() =>
        Assert.That((Model with { RetiredOn = null }).IsRetiredOn(DateOnly.MaxValue), Is.False);

    private static ModelPrice PriceFrom(string day, long input) =>
        new() { EffectiveFrom = Day(day), InputNanoUsdPerMillion = input, OutputNanoUsdPerMillion = 0 };

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}
