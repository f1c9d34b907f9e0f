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
    public long PriceOn_ADay_IsThePriceInForce(string day) => Model.PriceOn(Day(day)).InputNanoUsdPerMillion;

    [TestCase("2026-10-22", ExpectedResult = false)]
    [TestCase("2026-10-23", ExpectedResult = true)]
    [TestCase("2026-10-24", ExpectedResult = true)]
    public bool IsRetiredOn_ADay_CountsFromTheFirstDayWithoutService(string day) => Model.IsRetiredOn(Day(day));

    [Test]
    public void IsRetiredOn_WithoutADate_IsFalse() =>
        Assert.That((Model with { RetiredOn = null }).IsRetiredOn(DateOnly.MaxValue), Is.False);

    [TestCase("web_search", ExpectedResult = 10_000_000)]
    [TestCase("web_search_20260318", ExpectedResult = 10_000_000)]
    [TestCase("web_search_2026_03_18", ExpectedResult = 10_000_000)]
    [TestCase("web_search_preview", ExpectedResult = 25_000_000, Description = "its own entry")]
    [TestCase("web_search_20261318", ExpectedResult = null, Description = "not a date")]
    [TestCase("web_fetch", ExpectedResult = null)]
    [TestCase("", ExpectedResult = null)]
    public long? FindToolCall_OfAType_IsItsPriceWithoutTheDate(string type) =>
        (Model with { ToolCalls = new Dictionary<string, long> { ["web_search"] = 10_000_000, ["web_search_preview"] = 25_000_000 } })
            .FindToolCallNanoUsd(type);

    [Test]
    public void Traits_WhenUnknown_AcceptEverything() => Assert.Multiple(() =>
    {
        Assert.That(Model.Traits, Is.EqualTo(ModelTraits.Unknown));
        Assert.That(Enum.GetValues<ThinkingTypes>().All(Model.Traits.Accepts), Is.True);
        Assert.That(Enum.GetValues<ReasoningEfforts>().All(Model.Traits.Accepts), Is.True);
    });

    [Test]
    public void Traits_WhenKnown_AcceptOnlyWhatTheyList()
    {
        var traits = new ModelTraits { Thinking = ThinkingTypes.Adaptive, Efforts = ReasoningEfforts.Low | ReasoningEfforts.High };
        Assert.Multiple(() =>
        {
            Assert.That(traits.Accepts(ThinkingTypes.Adaptive), Is.True);
            Assert.That(traits.Accepts(ThinkingTypes.Disabled), Is.False);
            Assert.That(traits.Accepts(ReasoningEfforts.High), Is.True);
            Assert.That(traits.Accepts(ReasoningEfforts.XHigh), Is.False);
        });
    }

    private static ModelPrice PriceFrom(string day, long input) =>
        new() { EffectiveFrom = Day(day), InputNanoUsdPerMillion = input, OutputNanoUsdPerMillion = 0 };

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}
