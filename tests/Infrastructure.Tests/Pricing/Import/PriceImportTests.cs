using System.Security.Cryptography;
using AiGateway.Application.Progress;
using AiGateway.Domain;
using AiGateway.Infrastructure.Pricing;
using AiGateway.Infrastructure.Pricing.Import;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Pricing.Import;

/// <summary>An import turns a downloaded catalogue into a price file that the price book reads.</summary>
public sealed class PriceImportTests
{
    private static readonly DateOnly Today = new(2026, 11, 26);

    [Test]
    public void Import_OfAChangedPrice_AddsARowFromTodayAndKeepsTheOldOnes()
    {
        var before = PriceBook.Load(null).FindPriced("anthropic", "claude-sonnet-5")!;

        var after = Entry(Import("genai-prices"), "anthropic", "claude-sonnet-5");

        Assert.That(after.Prices.Take(1), Is.EqualTo(before.Prices));
        Assert.That(after.Prices.Skip(1), Is.EqualTo(new[]
        {
            before.Prices[0] with
            {
                EffectiveFrom = Today,
                InputNanoUsdPerMillion = Usd(3),
                CachedInputNanoUsdPerMillion = Usd(0.3m),
                CacheWriteNanoUsdPerMillion = Usd(3.75m),
                CacheWrite1hNanoUsdPerMillion = Usd(6),
                OutputNanoUsdPerMillion = Usd(15),
                Source = Source("genai-prices"),
            },
            before.Prices[0] with
            {
                EffectiveFrom = new DateOnly(2027, 2, 1),
                InputNanoUsdPerMillion = Usd(4),
                CachedInputNanoUsdPerMillion = Usd(0.4m),
                CacheWriteNanoUsdPerMillion = Usd(5),
                CacheWrite1hNanoUsdPerMillion = Usd(8),
                OutputNanoUsdPerMillion = Usd(20),
                Source = Source("genai-prices"),
            },
        }));
        Assert.That(after with { Prices = [], ToolCalls = before.ToolCalls }, Is.EqualTo(before with { Prices = [] }).Using<PricedModel>(
            (left, right) => left.Traits == right.Traits && left.Capabilities == right.Capabilities && left.Tokenizer == right.Tokenizer));
    }

    [TestCase("genai-prices", "claude-sonnet-5 gemini-2.5-pro", 3, 2)]
    [TestCase("litellm", "claude-opus-5", 2, 0)]
    [TestCase("models-dev", "codestral-2508 grok-4.7", 1, 2)]
    public void Import_WithoutNames_ChangesModelsOfThePriceBookAlone(string catalogue, string changed, int unchanged, int skipped)
    {
        var result = Import(catalogue);
        Assert.Multiple(() =>
        {
            Assert.That(result.Changed.Select(entry => entry.Model).Order(StringComparer.Ordinal), Is.EqualTo(changed.Split(' ')));
            Assert.That((result.Unchanged, result.Skipped.Count), Is.EqualTo((unchanged, skipped)), string.Join('\n', result.Skipped));
        });
    }

    [Test]
    public void Import_OfALongContextTier_UsesTheHighestInputFactor()
    {
        var price = Entry(Import("genai-prices"), "gemini", "gemini-2.5-pro").PriceOn(Today);
        Assert.That(
            (price.LongContextAboveTokens, price.LongContextInputPercent, price.LongContextOutputPercent, price.PriorityPercent),
            Is.EqualTo((200_000L, 208, 150, 180)), "0.26 is 208 percent of 0.125, and a factor that the catalogue does not state is kept");
    }

    [Test]
    public void Import_OfAThresholdThatIsOneHigher_KeepsTheThresholdOfThePriceBook()
    {
        var price = Entry(Import("models-dev"), "xai", "grok-4.7").PriceOn(Today);
        Assert.That((price.LongContextAboveTokens, price.LongContextInputPercent, price.LongContextOutputPercent), Is.EqualTo((199_999L, 250, 200)));
    }

    [Test]
    public void Import_OfBinaryFloats_ReadsTheExactPrice()
    {
        var price = Entry(Import("litellm"), "anthropic", "claude-opus-5").PriceOn(Today);
        Assert.That(
            (price.InputNanoUsdPerMillion, price.OutputNanoUsdPerMillion, price.CacheWrite1hNanoUsdPerMillion, price.FastPercent),
            Is.EqualTo((Usd(4), Usd(20), Usd(8), 200)));
    }

    [Test]
    public void Import_OfCachePricesThatAreNotStated_LeavesThemOutBesideAnotherInputPrice()
    {
        var price = Entry(Import("models-dev"), "mistral", "codestral-2508").PriceOn(Today);
        Assert.That((price.InputNanoUsdPerMillion, price.CachedInputNanoUsdPerMillion), Is.EqualTo((Usd(0.2m), (long?)null)));
    }

    [Test]
    public void Import_OfANewModel_WritesAllItsMembers()
    {
        var entry = Entry(Import("litellm", models: ["new-model"]), "groq", "new-model");
        Assert.That(entry.Capabilities, Is.EqualTo(new ModelCapabilities { ContextWindow = 131_072, MaxOutputTokens = 32_768, Tools = true, Vision = true }));
        Assert.That(entry.Prices, Is.EqualTo(new[]
        {
            new ModelPrice
            {
                EffectiveFrom = Today,
                InputNanoUsdPerMillion = Usd(0.19m),
                OutputNanoUsdPerMillion = Usd(0.49m),
                Source = Source("litellm"),
            },
        }));
    }

    [TestCase("litellm", "groq", "new-embedding", 0)]
    [TestCase("models-dev", "fireworks", "accounts/fireworks/models/a-model", 16_384)]
    public void Import_OfANewModelOfANamedSeller_IsRead(string catalogue, string provider, string model, long maxOutputTokens) =>
        Assert.That(
            Entry(Import(catalogue, providers: [provider], models: [model]), provider, model).Capabilities.MaxOutputTokens,
            Is.EqualTo(maxOutputTokens));

    [Test]
    public void Import_OverAnOperatorsFile_KeepsItsEntriesAndFillsTheDayOfTheCheck()
    {
        using var file = new TempFile("""
            {"checkedOn": "2026-01-01", "models": [{"model": "own", "provider": "home", "contextWindow": 10, "maxOutputTokens": 5, "tokenFactorPercent": 120,
            "toolCalls": {"web_search": "0.02"}, "prices": [{"effectiveFrom": "2026-01-01", "free": true}]}]}
            """);
        var all = Read(Import("genai-prices", pricesFile: file.Path).PriceFile);
        var one = Read(Import("genai-prices", pricesFile: file.Path, providers: ["anthropic"]).PriceFile);
        Assert.Multiple(() =>
        {
            Assert.That(all.Models.Select(model => model.Model), Is.EqualTo(["claude-sonnet-5", "gemini-2.5-pro", "own"]));
            Assert.That(all.Models[^1].TokenFactorPercent, Is.EqualTo(120));
            Assert.That(all.CheckedOn, Is.EqualTo(Today));
            Assert.That(one.CheckedOn, Is.EqualTo(new DateOnly(2026, 1, 1)), "the day stays, because not every price was checked");
        });
    }

    [Test]
    public void Import_Twice_ChangesNothing()
    {
        using var first = new TempFile(Import("genai-prices").PriceFile);
        Assert.That(Import("genai-prices", pricesFile: first.Path).Changed, Is.Empty);
    }

    [Test]
    public void Write_OfTheWholePriceBook_ReadsBackTheSame()
    {
        var book = PriceBook.Load(null);
        using var file = new TempFile(PriceFileText.Write(new PriceFile(book.Models, book.CheckedOn)));
        Assert.That(PriceBook.Load(file.Path).Version, Is.EqualTo(book.Version));
    }

    [TestCase("\"maxOutputTokens\":0", "", Description = "embeddings")]
    [TestCase("\"maxOutputTokens\":100", "", Description = "no text, although the model has an output limit")]
    [TestCase("\"maxOutputTokens\":100", ",\"outputUsdPerMillion\":\"2.00\"", Description = "another output that has a price")]
    public void Write_OfAModelThatDoesNotChat_ReadsBackTheSame(string limit, string output)
    {
        var content = $$"""
            {"models":[{"model":"m","provider":"p","contextWindow":8000,{{limit}},"capabilities":["embeddings"],
             "prices":[{"effectiveFrom":"2026-01-01","inputUsdPerMillion":"0.02"{{output}}}]}]}
            """;
        using var file = new TempFile(content);
        var book = PriceBook.Load(file.Path);

        using var written = new TempFile(PriceFileText.Write(new PriceFile(book.Models, book.CheckedOn)));

        Assert.That(PriceBook.Load(written.Path).Version, Is.EqualTo(book.Version));
    }

    internal static PriceImportResult Import(
        string catalogue, string? pricesFile = null, string[]? providers = null, string[]? models = null, bool allowJump = false) =>
        PriceImport.Run(new PriceImportOrder(PathOf(catalogue), catalogue, pricesFile, providers ?? [], models ?? [], allowJump, Today), UnseenProgress.Instance);

    internal static string PathOf(string catalogue) =>
        Path.Combine(Repository.Root, "tests", "Infrastructure.Tests", "Pricing", "Import", $"{catalogue}.json");

    private static string Source(string catalogue) =>
        $"{catalogue}, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(PathOf(catalogue))))}, imported 2026-11-26";

    private static PricedModel Entry(PriceImportResult result, string provider, string model) =>
        Read(result.PriceFile).Models.Single(each => each.Provider == provider && each.Model == model);

    private static PriceFile Read(string json)
    {
        var faults = new List<string>();
        var file = PriceFile.Read(System.Text.Encoding.UTF8.GetBytes(json), faults);
        Assert.That(faults, Is.Empty);
        return file;
    }

    private static long Usd(decimal usd) => Money.FromUsd(usd);
}
