using System.Globalization;
using AiGateway.Domain;
using AiGateway.Infrastructure.Pricing;

namespace AiGateway.Infrastructure.Tests.Pricing;

public sealed class BuiltInPricesTests
{
    private static readonly PriceBook Book = PriceBook.Load(null);

    private static IEnumerable<TestCaseData> Models() =>
        Book.Models.Select(model => new TestCaseData(model).SetArgDisplayNames($"{model.Provider} {model.Model}"));

    private static IEnumerable<TestCaseData> ModelsOf(string provider) =>
        Book.Models.Where(model => model.Provider == provider).Select(model => new TestCaseData(model).SetArgDisplayNames(model.Model));

    [TestCaseSource(nameof(Models))]
    public void Row_OfEveryModel_IsPlausible(PricedModel model) => Assert.Multiple(() =>
    {
        var can = model.Capabilities;
        Assert.That(model.Provider, Is.AnyOf("openai", "anthropic", "gemini", "deepseek", "xai", "mistral", "groq"));
        Assert.That(model.Tokenizer, Is.EqualTo(model.Provider == "openai" ? TokenizerKind.ByName : TokenizerKind.Bytes));
        Assert.That(can.ContextWindow, Is.InRange(4_096, 2_000_000));
        Assert.That(can.MaxOutputTokens, Is.LessThanOrEqualTo(can.ContextWindow));
        Assert.That(can.Embeddings, Is.EqualTo(can.MaxOutputTokens == 0), "a model gives either embeddings or text");
        Assert.That(can.Embeddings && can.Chat, Is.False);
        foreach (var price in model.Prices)
        {
            Assert.That(price.InputNanoUsdPerMillion, Is.InRange(10_000_000, 200_000_000_000));
            Assert.That(price.OutputNanoUsdPerMillion, can.Embeddings ? Is.Zero : Is.GreaterThan(price.InputNanoUsdPerMillion));
            Assert.That(price.CachedInputNanoUsdPerMillion, Is.Null.Or.InRange(1, price.InputNanoUsdPerMillion));
            Assert.That(price.CacheWriteNanoUsdPerMillion, Is.Null.Or.EqualTo(price.InputNanoUsdPerMillion * 5 / 4));
            Assert.That(price.CacheWrite1hNanoUsdPerMillion, Is.Null.Or.EqualTo(price.InputNanoUsdPerMillion * 2));
            Assert.That(price.Source, Is.Not.Null.And.Not.Empty);
            Assert.That(price.EffectiveFrom, Is.InRange(new DateOnly(2023, 1, 1), new DateOnly(2027, 1, 1)));
            Assert.That(price.FlexPercent, Is.EqualTo(100).Or.EqualTo(50));
            Assert.That(price.PriorityPercent, Is.AnyOf(100, 180, 200));
        }
    });

    [TestCaseSource(nameof(ModelsOf), new object[] { "openai" })]
    public void Row_OfOpenAi_HasALongContextPriceForTheLargeWindow(PricedModel model) => Assert.That(
        model.Prices.Select(price => price.LongContextAboveTokens),
        Is.All.EqualTo(model.Capabilities.ContextWindow == 1_050_000 ? 272_000L : null));

    [TestCaseSource(nameof(ModelsOf), new object[] { "anthropic" })]
    public void Row_OfClaude_HasBothCacheWritesAndASearchPrice(PricedModel model) => Assert.Multiple(() =>
    {
        Assert.That(model.Prices.Select(price => price.CacheWriteNanoUsdPerMillion), Has.None.Null);
        Assert.That(model.Prices.Select(price => price.CacheWrite1hNanoUsdPerMillion), Has.None.Null);
        Assert.That(model.FindToolCallNanoUsd("web_search_20260318"), Is.EqualTo(10_000_000));
        Assert.That(model.Traits.Thinking, Is.Not.Null);
        Assert.That(model.Traits.Audio, Is.False);
    });

    [TestCase("claude-opus-5-5", false, false, false, ThinkingTypes.Adaptive)]
    [TestCase("claude-sonnet-5-5", false, false, false, ThinkingTypes.Adaptive | ThinkingTypes.BetweenTools)]
    [TestCase("claude-haiku-5-5", false, true, false, ThinkingTypes.Adaptive | ThinkingTypes.Disabled)]
    [TestCase("claude-sonnet-4-6", true, true, false, ThinkingTypes.Adaptive | ThinkingTypes.Enabled | ThinkingTypes.Disabled)]
    [TestCase("claude-haiku-4-5", true, true, true, ThinkingTypes.Enabled | ThinkingTypes.Disabled)]
    public void Traits_OfClaude_AreAsPublished(string name, bool sampling, bool forced, bool prefill, ThinkingTypes thinking)
    {
        var traits = Book.FindPriced("anthropic", name)!.Traits;
        Assert.That((traits.Sampling, traits.ForcedToolChoice, traits.Prefill, traits.Thinking), Is.EqualTo((sampling, forced, prefill, thinking)));
    }

    [TestCase("claude-opus-5", ReasoningEfforts.XHigh, ExpectedResult = true)]
    [TestCase("claude-opus-4-6", ReasoningEfforts.XHigh, ExpectedResult = false)]
    [TestCase("claude-opus-4-6", ReasoningEfforts.Max, ExpectedResult = true)]
    public bool Efforts_OfClaude_AreAsPublished(string name, ReasoningEfforts effort) => Book.FindPriced("anthropic", name)!.Traits.Accepts(effort);

    [TestCase(ReasoningEfforts.Off, ExpectedResult = false)]
    [TestCase(ReasoningEfforts.Minimal, ExpectedResult = false)]
    [TestCase(ReasoningEfforts.XHigh, ExpectedResult = true)]
    public bool Efforts_OfGemini4_AreAsPublished(ReasoningEfforts effort) => Book.FindPriced("gemini", "gemini-4-argon")!.Traits.Accepts(effort);

    [TestCase("2026-11-23T02:00Z", 1_200_000_000)]
    [TestCase("2026-11-23T05:00Z", 600_000_000)]
    [TestCase("2026-11-22T02:00Z", 600_000_000, Description = "Sunday")]
    public void Price_OfDeepSeek_IsTwiceAsHighInThePeakHours(string at, long outputPerMillion)
    {
        var price = Book.FindPriced("deepseek", "deepseek-flash")!.PriceOn(new DateOnly(2026, 11, 23));
        var instant = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
        Assert.That(price.CostNanoUsd(new TokenUsage(0, 1_000_000), ServiceTier.Standard, price.PeakOf(instant, instant)), Is.EqualTo(outputPerMillion));
    }

    [Test]
    public void Price_OfHaikuWithALongPrompt_IsFiveTimesAsHigh()
    {
        var price = Book.FindPriced("anthropic", "claude-haiku-5-5")!.Prices[0];
        Assert.That(price.CostNanoUsd(new TokenUsage(100_001, 1_000)), Is.EqualTo((100_001 * 500) + (1_000 * 2_500)));
    }

    [TestCaseSource(nameof(Models))]
    public void Successor_OfEveryModel_IsInThePriceBookAndRetiresLater(PricedModel model)
    {
        if (model.Successor is not { } name) return;
        var successor = Book.Find(model.Provider, name);
        Assert.Multiple(() =>
        {
            Assert.That(model.RetiredOn, Is.Not.Null, "only a retiring model has a successor");
            Assert.That(successor, Is.Not.Null);
            Assert.That(successor?.RetiredOn ?? DateOnly.MaxValue, Is.GreaterThan(model.RetiredOn!.Value));
            Assert.That(successor?.Capabilities.Chat, Is.True);
        });
    }

    [TestCase("gpt-3.5-turbo", "2026-10-23", "gpt-5.6-terra")]
    [TestCase("gpt-3.5-turbo-0125", "2026-10-23", "gpt-5.6-terra")]
    [TestCase("gpt-4o", "2027-01-14", "gpt-6-luna")]
    [TestCase("gpt-4o-mini", "2027-01-14", "gpt-6-luna")]
    [TestCase("gpt-4.1", "2027-01-14", "gpt-6-luna")]
    [TestCase("gpt-5", "2026-12-11", "gpt-6.1-sol")]
    [TestCase("gpt-5.1", "2027-04-01", null)]
    [TestCase("gpt-4-turbo", "2026-10-23", "gpt-5.6-sol")]
    [TestCase("gpt-6-luna", null, null)]
    public void Retirement_OfAModel_IsAsAnnounced(string name, string? retiredOn, string? successor)
    {
        var model = Book.Find("openai", name)!;
        Assert.That((model.RetiredOn?.ToString("O", CultureInfo.InvariantCulture), model.Successor), Is.EqualTo((retiredOn, successor)));
    }

    [TestCase("gpt-3.5-turbo", "2026-11-23", 500_000_000, 1_500_000_000)]
    [TestCase("gpt-6-luna", "2026-11-23", 100_000_000, 500_000_000)]
    [TestCase("gpt-6.2-astra", "2026-11-23", 8_000_000_000, 40_000_000_000)]
    [TestCase("gpt-5.6", "2026-09-02", 5_000_000_000, 30_000_000_000)]
    [TestCase("gpt-5.6-sol", "2026-09-03", 4_000_000_000, 20_000_000_000)]
    [TestCase("gpt-5.6-terra", "2026-07-29", 2_500_000_000, 15_000_000_000)]
    [TestCase("gpt-5.6-terra", "2026-07-30", 2_000_000_000, 12_000_000_000)]
    [TestCase("o3", "2025-06-09", 10_000_000_000, 40_000_000_000)]
    [TestCase("o3", "2025-06-10", 2_000_000_000, 8_000_000_000)]
    [TestCase("text-embedding-3-small", "2026-11-23", 20_000_000, 0)]
    [TestCase("gemini-4-argon", "2026-11-30", 2_000_000_000, 10_000_000_000)]
    [TestCase("gemini-4-argon", "2026-12-01", 4_000_000_000, 20_000_000_000)]
    [TestCase("gemini-3.8-flash", "2027-01-01", 1_500_000_000, 7_500_000_000)]
    [TestCase("claude-fable-5-2", "2026-11-23", 8_000_000_000, 40_000_000_000)]
    [TestCase("grok-4.7", "2026-11-23", 2_000_000_000, 6_000_000_000)]
    [TestCase("mistral-medium-3-5", "2026-11-23", 1_500_000_000, 7_500_000_000)]
    [TestCase("openai/gpt-oss-20b", "2026-11-23", 75_000_000, 300_000_000)]
    public void Price_OnADay_IsTheListPrice(string name, string day, long input, long output)
    {
        var price = Book.Models.Single(model => model.Model == name).PriceOn(DateOnly.ParseExact(day, "O"));
        Assert.That((price.InputNanoUsdPerMillion, price.OutputNanoUsdPerMillion), Is.EqualTo((input, output)));
    }

    [Test]
    public void Flex_OfModelsWithoutAPublishedFlexPrice_IsBilledInFull()
    {
        foreach (var name in new[] { "gpt-6.2-astra", "gpt-6.2-sol" })
            Assert.That(Book.Find("openai", name)!.Prices.Select(price => price.FlexPercent), Is.All.EqualTo(100), name);
    }

    [Test]
    public void CheckedOn_OfThePriceBook_IsAfterItsPublishedPrices() =>
        Assert.That(Book.CheckedOn, Is.InRange(new DateOnly(2026, 11, 25), new DateOnly(2026, 12, 31)));

    [Test]
    public void Alias_OfADatedModel_HasTheSamePrices()
    {
        foreach (var (alias, dated) in new[] { ("gpt-5.6", "gpt-5.6-sol"), ("gpt-4o", "gpt-4o-2024-11-20"), ("gpt-3.5-turbo", "gpt-3.5-turbo-0125") })
            Assert.That(Book.Find("openai", alias)!.Prices, Is.EqualTo(Book.Find("openai", dated)!.Prices), alias);
    }
}
