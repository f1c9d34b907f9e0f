using System.Globalization;

namespace AiGateway.Domain.Tests;

public sealed class ModelPriceTests
{
    // Dollars per million tokens: input 2, cached input 0.10, cache write 2.50, output 10. Above 272,000 input tokens, input costs twice and output
    // 1.5 times that.
    private static readonly ModelPrice Price = new()
    {
        EffectiveFrom = new DateOnly(2026, 9, 29),
        InputNanoUsdPerMillion = 2_000_000_000,
        CachedInputNanoUsdPerMillion = 100_000_000,
        CacheWriteNanoUsdPerMillion = 2_500_000_000,
        OutputNanoUsdPerMillion = 10_000_000_000,
        LongContextAboveTokens = 272_000,
        LongContextInputPercent = 200,
        LongContextOutputPercent = 150,
        FlexPercent = 50,
        PriorityPercent = 200,
    };

    private static readonly PeakHours PeakNights = new(DayOfWeek.Monday, DayOfWeek.Friday, TimeSpan.FromHours(1), TimeSpan.FromHours(4));

    // The expected figures were worked out by hand in dollars.
    [TestCase(0, 0, 0, 0, ServiceTier.Standard, 0)]
    [TestCase(1, 0, 0, 0, ServiceTier.Standard, 2_000)]
    [TestCase(0, 1, 0, 0, ServiceTier.Standard, 10_000)]
    [TestCase(1_000, 500, 0, 0, ServiceTier.Standard, 7_000_000, Description = "0.002 + 0.005 USD")]
    [TestCase(1_000, 500, 400, 0, ServiceTier.Standard, 6_240_000, Description = "600 ordinary, 400 cached")]
    [TestCase(1_000, 500, 0, 400, ServiceTier.Standard, 7_200_000, Description = "600 ordinary, 400 written")]
    [TestCase(1_000, 500, 400, 300, ServiceTier.Standard, 6_390_000, Description = "300 ordinary, 400 cached, 300 written")]
    [TestCase(1_000, 500, 1_000, 0, ServiceTier.Standard, 5_100_000, Description = "all cached")]
    [TestCase(272_000, 1_000, 0, 0, ServiceTier.Standard, 554_000_000, Description = "the threshold itself is short")]
    [TestCase(272_001, 1_000, 0, 0, ServiceTier.Standard, 1_103_004_000, Description = "one more: the whole request is long")]
    [TestCase(300_000, 0, 300_000, 0, ServiceTier.Standard, 60_000_000, Description = "long, all cached")]
    [TestCase(1_000, 500, 400, 0, ServiceTier.Flex, 3_120_000)]
    [TestCase(1_000, 500, 400, 0, ServiceTier.Priority, 12_480_000)]
    [TestCase(300_000, 1_000, 0, 0, ServiceTier.Priority, 2_430_000_000, Description = "long and priority: both factors")]
    public void Cost_OfEachTokenClass_IsExact(
        long prompt, long completion, long cached, long written, ServiceTier tier, long expected) =>
        Assert.That(Price.CostNanoUsd(new TokenUsage(prompt, completion, cached, written), tier), Is.EqualTo(expected));

    [Test]
    public void Cost_WithoutOwnCachePrices_BillsCachedTokensAsOrdinary()
    {
        var price = new ModelPrice
        {
            EffectiveFrom = new DateOnly(2026, 1, 1),
            InputNanoUsdPerMillion = 500_000_000,
            OutputNanoUsdPerMillion = 1_500_000_000,
        };
        Assert.That(price.CostNanoUsd(new TokenUsage(1_000, 0, 300, 200)), Is.EqualTo(500_000));
    }

    // Tokens cached for an hour cost their own price. Without one they cost the higher of the write price and the input price.
    [TestCase(null, null, 2_000_000_000L)]
    [TestCase(2_500_000_000L, null, 2_500_000_000L)]
    [TestCase(500_000_000L, null, 2_000_000_000L, Description = "a cheap short write does not make an hour-long one cheap")]
    [TestCase(2_500_000_000L, 4_000_000_000L, 4_000_000_000L)]
    [TestCase(2_500_000_000L, 1_000_000_000L, 1_000_000_000L)]
    public void Cost_OfTokensCachedForAnHour_IsTheirPriceOrTheHigherOfInputAndWrite(long? write, long? hour, long expectedPerMillion)
    {
        var price = Price with { CacheWriteNanoUsdPerMillion = write, CacheWrite1hNanoUsdPerMillion = hour };
        Assert.That(price.CostNanoUsd(new TokenUsage(1_000, 0, CacheWriteTokens: 1_000, CacheWrite1hTokens: 1_000)), Is.EqualTo(expectedPerMillion / 1_000));
    }

    [Test]
    public void Cost_OfBothKindsOfCacheWrites_ChargesEachAtItsOwnPrice()
    {
        var price = Price with { CacheWrite1hNanoUsdPerMillion = 4_000_000_000 };
        var usage = new TokenUsage(1_000, 0, CachedPromptTokens: 100, CacheWriteTokens: 500, CacheWrite1hTokens: 200);
        Assert.That(price.CostNanoUsd(usage), Is.EqualTo((400 * 2_000) + (100 * 100) + (300 * 2_500) + (200 * 4_000)));
    }

    [TestCase(Surcharges.None, 7_000_000)]
    [TestCase(Surcharges.UsGeography, 7_700_000)]
    [TestCase(Surcharges.Fast, 14_000_000)]
    [TestCase(Surcharges.Peak, 21_000_000)]
    [TestCase(Surcharges.UsGeography | Surcharges.Fast | Surcharges.Peak, 46_200_000, Description = "the factors are multiplied")]
    public void Cost_WithSurcharges_IsScaledByEach(Surcharges surcharges, long expected)
    {
        var price = Price with { UsGeographyPercent = 110, FastPercent = 200, PeakPercent = 300, PeakHours = [PeakNights] };
        Assert.That(price.CostNanoUsd(new TokenUsage(1_000, 500), ServiceTier.Standard, surcharges), Is.EqualTo(expected));
    }

    [TestCase(Surcharges.None, 7_500_000)]
    [TestCase(Surcharges.UsGeography, 8_250_000)]
    [TestCase(Surcharges.UsGeography | Surcharges.Fast, 16_500_000)]
    public void WorstCase_WithSurcharges_CoversThosePossible(Surcharges possible, long expected)
    {
        var price = Price with { UsGeographyPercent = 110, FastPercent = 200 };
        Assert.That(price.WorstCaseNanoUsd(1_000, 500, ServiceTier.Standard, possible), Is.EqualTo(expected));
    }

    [Test]
    public void WorstCase_OfAPriceWithPeakHours_IsAtThePeakPrice()
    {
        var price = Price with { PeakPercent = 200, PeakHours = [PeakNights] };
        Assert.That(price.WorstCaseNanoUsd(1_000, 500), Is.EqualTo(15_000_000));
    }

    [TestCase("2026-11-23T00:30Z", "2026-11-23T00:59Z", ExpectedResult = Surcharges.None)]
    [TestCase("2026-11-23T00:30Z", "2026-11-23T01:00Z", ExpectedResult = Surcharges.Peak)]
    public Surcharges PeakOf_ACall_SaysWhetherItOverlapsPeakHours(string start, string end) =>
        (Price with { PeakPercent = 200, PeakHours = [PeakNights with { FirstDay = DayOfWeek.Sunday, LastDay = DayOfWeek.Sunday }, PeakNights] })
            .PeakOf(Instant(start), Instant(end));

    [TestCase(1, 1, 0, ExpectedResult = 1, Description = "1e-6 of a nano-dollar is one nano-dollar")]
    [TestCase(999_999, 1, 0, ExpectedResult = 1)]
    [TestCase(1_000_000, 1, 0, ExpectedResult = 1, Description = "an exact cost is not raised")]
    [TestCase(1_000_001, 1, 0, ExpectedResult = 2)]
    [TestCase(400_000, 1, 400_000, ExpectedResult = 1, Description = "two fractions are added before they are rounded")]
    public long Cost_WhenNotWhole_IsRoundedUpOnce(long prompt, long nanoUsdPerMillion, long completion) =>
        new ModelPrice
        {
            EffectiveFrom = new DateOnly(2026, 1, 1),
            InputNanoUsdPerMillion = nanoUsdPerMillion,
            OutputNanoUsdPerMillion = nanoUsdPerMillion,
        }.CostNanoUsd(new TokenUsage(prompt, completion));

    [Test]
    public void Cost_WhenItDoesNotFit_Throws()
    {
        var price = Price with { InputNanoUsdPerMillion = long.MaxValue };
        var usage = new TokenUsage(TokenUsage.MaxPlausibleTokens, 0);
        Assert.Multiple(() =>
        {
            Assert.That(() => price.CostNanoUsd(usage), Throws.TypeOf<OverflowException>());
            Assert.That(() => price.WorstCaseNanoUsd(usage.PromptTokens, 0), Throws.TypeOf<OverflowException>());
        });
    }

    [Test]
    public void WorstCase_OfPlainTokens_TakesTheMostExpensiveInputPrice() =>
        Assert.That(Price.WorstCaseNanoUsd(1_000, 500), Is.EqualTo(7_500_000), "1,000 input tokens at the write price of 2.50, and 500 output tokens at 10");

    [TestCase(ServiceTier.Standard, 7_500_000)]
    [TestCase(ServiceTier.Flex, 7_500_000, Description = "the reply may come in the standard tier")]
    [TestCase(ServiceTier.Priority, 15_000_000)]
    [TestCase(ServiceTier.Auto, 15_000_000, Description = "the provider may choose any")]
    public void WorstCase_InATier_IsThatOfTheMostExpensiveTierThatMayAnswer(ServiceTier tier, long nanoUsd) =>
        Assert.That(Price.WorstCaseNanoUsd(1_000, 500, tier), Is.EqualTo(nanoUsd));

    [Test]
    public void WorstCase_WhenLongRequestsAreCheaper_CoversShortRequests()
    {
        var price = Price with { LongContextInputPercent = 50 };
        Assert.That(price.WorstCaseNanoUsd(272_001, 0), Is.GreaterThan(price.CostNanoUsd(new TokenUsage(272_000, 0, 0, 272_000))));
    }

    [Test]
    public void WorstCase_ForAnyUsageWithinItsLimits_CoversTheCost()
    {
        var random = new Random(20261123);
        for (var i = 0; i < 20_000; i++)
        {
            var price = AnyPrice(random);
            var prompt = random.NextInt64(0, 400_000);
            var completion = random.NextInt64(0, 128_000);
            var input = random.Next(2) == 0 ? prompt : random.NextInt64(0, prompt + 1);
            var cached = random.NextInt64(0, input + 1);
            var written = random.NextInt64(0, input - cached + 1);
            var usage = new TokenUsage(input, random.NextInt64(0, completion + 1), cached, written, 0, random.NextInt64(0, written + 1));
            var tier = (ServiceTier)random.Next(3);
            var possible = (Surcharges)random.Next(4);
            var billed = (possible & (Surcharges)random.Next(4)) | (price.PeakHours.Count > 0 && random.Next(2) == 0 ? Surcharges.Peak : Surcharges.None);
            var worst = price.WorstCaseNanoUsd(prompt, completion, tier, possible);
            Assert.That(worst, Is.GreaterThanOrEqualTo(price.CostNanoUsd(usage, tier, billed)), $"case {i}");
        }
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static ModelPrice AnyPrice(Random random) => new()
    {
        EffectiveFrom = new DateOnly(2026, 1, 1),
        InputNanoUsdPerMillion = random.NextInt64(0, 30_000_000_000),
        CachedInputNanoUsdPerMillion = random.Next(2) == 0 ? null : random.NextInt64(0, 30_000_000_000),
        CacheWriteNanoUsdPerMillion = random.Next(2) == 0 ? null : random.NextInt64(0, 30_000_000_000),
        OutputNanoUsdPerMillion = random.NextInt64(0, 200_000_000_000),
        LongContextAboveTokens = random.Next(2) == 0 ? null : 272_000,
        CacheWrite1hNanoUsdPerMillion = random.Next(2) == 0 ? null : random.NextInt64(0, 60_000_000_000),
        LongContextInputPercent = random.Next(50, 601),
        LongContextOutputPercent = random.Next(50, 601),
        FlexPercent = random.Next(1, 201),
        PriorityPercent = random.Next(50, 301),
        UsGeographyPercent = random.Next(90, 151),
        FastPercent = random.Next(50, 301),
        PeakPercent = random.Next(50, 301),
        PeakHours = random.Next(2) == 0 ? [] : [PeakNights],
    };
}
