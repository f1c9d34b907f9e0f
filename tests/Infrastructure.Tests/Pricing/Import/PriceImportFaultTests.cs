using AiGateway.Application.Progress;
using AiGateway.Infrastructure.Pricing;
using AiGateway.Infrastructure.Pricing.Import;

namespace AiGateway.Infrastructure.Tests.Pricing.Import;

/// <summary>One fault in a catalogue refuses the whole import.</summary>
public sealed class PriceImportFaultTests
{
    private static readonly DateOnly Today = new(2026, 11, 26);

    [TestCase("genai-prices", "\"output_mtok\": 25", "\"other\": 25", "claude-opus-5 of anthropic: has no output price")]
    [TestCase("genai-prices", "\"input_mtok\": 5,", "", "claude-opus-5 of anthropic: has no input price")]
    [TestCase("genai-prices", "\"output_mtok\": 25", "\"output_mtok\": 0", "claude-opus-5 of anthropic: its output price is 0")]
    [TestCase("genai-prices", "\"input_mtok\": 5,", "\"input_mtok\": 0.0,", "claude-opus-5 of anthropic: its input price is 0")]
    [TestCase("genai-prices", "\"input_mtok\": 5,", "\"input_mtok\": 20.01,", "claude-opus-5 of anthropic: its input price changes from 5 to 20.01 USD")]
    [TestCase("genai-prices", "\"input_mtok\": 5,", "\"input_mtok\": 1.24,", "claude-opus-5 of anthropic: its input price changes from 5 to 1.24 USD")]
    [TestCase("genai-prices", "\"cache_read_mtok\": 0.5", "\"cache_read_mtok\": 0.1", "claude-opus-5 of anthropic: its cached input price changes")]
    [TestCase("genai-prices", "\"input_mtok\": 4,", "\"input_mtok\": 40,", "claude-sonnet-5 of anthropic: its input price changes from 3 to 40 USD")]
    [TestCase("genai-prices", "\"input_mtok\": 5,", "\"input_mtok\": -5,", "claude-opus-5 of anthropic, input_mtok: -5 is negative")]
    [TestCase("genai-prices", "\"input_mtok\": 5,", "\"input_mtok\": \"5\",", "claude-opus-5 of anthropic, input_mtok: must be a number")]
    [TestCase("genai-prices", "\"input_mtok\": 5,", "\"input_mtok\": 5.0000000001,", "claude-opus-5 of anthropic, input_mtok: 5.0000000001 is finer")]
    [TestCase("genai-prices", "\"id\": \"anthropic\",", "\"id\": \"anthropic\", \"currency\": \"EUR\",", "anthropic: the currency is not USD")]
    [TestCase("genai-prices", "\"context_window\": 1000000,", "\"currency\": \"CNY\",", "claude-opus-5 of anthropic: the currency is not USD")]
    [TestCase("genai-prices", "\"id\": \"claude-haiku-4-5\"", "\"id\": \"claude-opus-5\"", "claude-opus-5 of anthropic: is in the catalogue twice")]
    [TestCase("genai-prices", "\"start\": 200000, \"price\": 3}", "\"price\": 3}", "gemini-2.5-pro of gemini, input_mtok: a tier has no start")]
    [TestCase("genai-prices", "\"start\": 200000, \"price\": 3}", "\"start\": 200000, \"price\": 300}", "gemini-2.5-pro of gemini: a long request costs more than 1000 percent")]
    [TestCase("genai-prices", "\"price\": 15}]}}}", "\"price\": 15}]}}", "is not valid JSON, line ")]
    [TestCase("genai-prices", "\"input_mtok\": 5,", "\"input_mtok\": 5, \"input_mtok\": 6,", "is not valid JSON")]
    [TestCase("genai-prices", "\"models\": [{\"id\": \"deepseek-flash\"", "\"list\": [{\"id\": \"deepseek-flash\"", "deepseek, models: must be an array")]
    [TestCase("litellm", "\"output_cost_per_token\": 2e-05", "\"output_cost_per_token\": 2e-15", "claude-opus-5 of anthropic: its output price changes")]
    [TestCase("litellm", "\"output_cost_per_token\": 2e-05,", "", "claude-opus-5 of anthropic: has no output price")]
    [TestCase("models-dev", "\"cost\": {\"input\": 1.5, \"output\": 7.5, \"cache_write\": 0}", "\"price\": 1", "mistral-medium-3-5 of mistral: has no cost")]
    [TestCase("models-dev", "\"input\": 1.5, ", "\"input\": 1.5, \"currency\": \"EUR\", ", "mistral-medium-3-5 of mistral: the currency is not USD")]
    public void Import_OfACatalogueWithOneFault_IsRefusedAndNamesIt(string catalogue, string right, string wrong, string expected)
    {
        var content = File.ReadAllText(PriceImportTests.PathOf(catalogue));
        var at = content.IndexOf(right, StringComparison.Ordinal);
        Assert.That(at, Is.GreaterThanOrEqualTo(0), "the case changes the file");
        using var file = new TempFile(string.Concat(content.AsSpan(0, at), wrong, content.AsSpan(at + right.Length)));
        Assert.That(FaultsOf(file.Path, catalogue), Has.Some.Contains(expected));
    }

    [TestCase("genai-prices", "{}", "must be an array of providers")]
    [TestCase("litellm", "[]", "must be an object of models")]
    [TestCase("models-dev", "[]", "must be an object of providers")]
    [TestCase("models-dev", "{\"xai\": {}}", "xai, models: must be an object")]
    public void Import_OfAnotherForm_IsRefused(string catalogue, string content, string expected)
    {
        using var file = new TempFile(content);
        Assert.That(FaultsOf(file.Path, catalogue), Has.One.Contains(expected));
    }

    [TestCase("no-such-model", "the model no-such-model is not in the catalogue")]
    [TestCase("gpt-6", "the model gpt-6 is not in the catalogue", Description = "no prefixes")]
    [TestCase("nothing-said", "nothing-said of groq: is not in the price book, and the catalogue does not state its context window")]
    public void Import_OfANamedModelThatCannotBeRead_IsRefused(string model, string expected) =>
        Assert.That(FaultsOf(PriceImportTests.PathOf("litellm"), "litellm", models: [model]), Has.One.Contains(expected));

    [TestCase("no-such-seller")]
    [TestCase("google", Description = "the catalogue's name for gemini")]
    public void Import_OfANamedSellerWithoutAModel_IsRefused(string provider) => Assert.That(
        () => PriceImportTests.Import("genai-prices", providers: [provider]),
        Throws.TypeOf<PriceFileException>().With.Message.Contains($"no wanted model of the provider {provider};"));

    [Test]
    public void Import_OfAFreePriceOfAModelThatIsFreeInThePriceBook_IsRead()
    {
        using var file = new TempFile("""
            {"models": [{"model": "claude-old", "provider": "anthropic", "contextWindow": 10, "maxOutputTokens": 5, "prices": [{"effectiveFrom": "2026-01-01", "free": true}]}]}
            """);
        Assert.That(PriceImportTests.Import("genai-prices", file.Path, models: ["claude-old"]).Unchanged, Is.EqualTo(1));
    }

    [Test]
    public void Import_OfASecondPriceOfTheSameDay_IsRefused()
    {
        using var first = new TempFile(PriceImportTests.Import("genai-prices").PriceFile);
        using var second = new TempFile(File.ReadAllText(PriceImportTests.PathOf("genai-prices")).Replace("\"input_mtok\": 3,", "\"input_mtok\": 2.5,", StringComparison.Ordinal));
        Assert.That(FaultsOf(second.Path, "genai-prices", first.Path), Has.One.Contains("claude-sonnet-5 of anthropic: already has another price from 2026-11-26 on"));
    }

    [Test]
    public void Import_OfALargePriceChange_PassesWhenTheOperatorAllowsIt()
    {
        using var file = new TempFile(File.ReadAllText(PriceImportTests.PathOf("genai-prices")).Replace("\"input_mtok\": 5,", "\"input_mtok\": 50,", StringComparison.Ordinal));
        var order = new PriceImportOrder(file.Path, "genai-prices", null, [], [], AllowJump: true, Today);
        Assert.That(PriceImport.Run(order, UnseenProgress.Instance).Changed.Select(entry => entry.Model), Does.Contain("claude-opus-5"));
    }

    [TestCase("/nowhere/catalogue.json")]
    [TestCase("/")]
    public void Import_OfAFileThatCannotBeRead_SaysSo(string path) =>
        Assert.That(FaultsOf(path, "litellm"), Has.One.Contains("cannot be read"));

    private static IReadOnlyList<string> FaultsOf(string path, string catalogue, string? pricesFile = null, string[]? models = null) =>
        Assert.Throws<PriceFileException>(() => PriceImport.Run(new PriceImportOrder(path, catalogue, pricesFile, [], models ?? [], AllowJump: false, Today), UnseenProgress.Instance))!.Faults;
}
