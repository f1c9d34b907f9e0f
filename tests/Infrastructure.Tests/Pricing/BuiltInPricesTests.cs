using System.Globalization;
using AiGateway.Domain;
using AiGateway.Infrastructure.Pricing;

namespace AiGateway.Infrastructure.Tests.Pricing;

public sealed class BuiltInPricesTests
{
    private static readonly PriceBook Book = PriceBook.Load(null);

    private static IEnumerable<TestCaseData> Models() => Book.Models.Select(model => new TestCaseData(model).SetArgDisplayNames(model.Model));

    [TestCaseSource(nameof(Models))]
    public void Row_OfEveryModel_IsSane(PricedModel model) => Assert.Multiple(() =>
    {
        var can = model.Capabilities;
        Assert.That(model.Provider, Is.EqualTo("openai"));
        Assert.That(can.ContextWindow, Is.InRange(4_096, 2_000_000));
        Assert.That(can.MaxOutputTokens, Is.LessThanOrEqualTo(can.ContextWindow));
        Assert.That(can.Embeddings, Is.EqualTo(can.MaxOutputTokens == 0), "embeddings and text output exclude each other");
        Assert.That(can.Embeddings && can.Chat, Is.False);
        foreach (var price in model.Prices)
        {
            Assert.That(price.InputNanoUsdPerMillion, Is.InRange(10_000_000, 200_000_000_000));
            Assert.That(price.OutputNanoUsdPerMillion, can.Embeddings ? Is.Zero : Is.GreaterThan(price.InputNanoUsdPerMillion));
            Assert.That(price.CachedInputNanoUsdPerMillion, Is.Null.Or.InRange(1, price.InputNanoUsdPerMillion));
            Assert.That(price.CacheWriteNanoUsdPerMillion, Is.Null.Or.EqualTo(price.InputNanoUsdPerMillion * 5 / 4));
            Assert.That(price.Source, Is.Not.Null.And.Not.Empty);
            Assert.That(price.EffectiveFrom, Is.InRange(new DateOnly(2023, 1, 1), new DateOnly(2026, 11, 30)));
            Assert.That(price.FlexPercent, Is.EqualTo(100).Or.EqualTo(50));
            Assert.That(price.PriorityPercent, Is.EqualTo(100).Or.EqualTo(200));
            Assert.That(price.LongContextAboveTokens, can.ContextWindow == 1_050_000 ? Is.EqualTo(272_000) : Is.Null);
        }
    });

    [TestCaseSource(nameof(Models))]
    public void Successor_OfEveryModel_IsInTheBookAndOutlivesIt(PricedModel model)
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
    public void Price_OnADay_IsTheListPrice(string name, string day, long input, long output)
    {
        var price = Book.Find("openai", name)!.PriceOn(DateOnly.ParseExact(day, "O"));
        Assert.That((price.InputNanoUsdPerMillion, price.OutputNanoUsdPerMillion), Is.EqualTo((input, output)));
    }

    [Test]
    public void Alias_OfADatedModel_HasTheSamePrices()
    {
        foreach (var (alias, dated) in new[] { ("gpt-5.6", "gpt-5.6-sol"), ("gpt-4o", "gpt-4o-2024-11-20"), ("gpt-3.5-turbo", "gpt-3.5-turbo-0125") })
            Assert.That(Book.Find("openai", alias)!.Prices, Is.EqualTo(Book.Find("openai", dated)!.Prices), alias);
    }
}
