using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AiGateway.Infrastructure.Pricing;

namespace AiGateway.Infrastructure.Tests.Pricing;

public sealed class PriceBookTests
{
    [Test]
    public void Find_OfAModelThatTheProviderSells_IsItsOwnEntry()
    {
        using var file = new TempFile(FileWith(Model("gpt-6-luna", "other", "7"), Model("gpt-6-luna", "a-first", "8")));
        var book = PriceBook.Load(file.Path);
        Assert.Multiple(() =>
        {
            Assert.That(book.Find("other", "gpt-6-luna")?.Prices[0].InputNanoUsdPerMillion, Is.EqualTo(7_000_000_000));
            Assert.That(book.Find("openai", "gpt-6-luna")?.Prices[0].InputNanoUsdPerMillion, Is.EqualTo(100_000_000));
        });
    }

    [Test]
    public void Find_OfAModelThatTheProviderHasNoEntryFor_IsOpenAisBeforeAnyOther()
    {
        using var file = new TempFile(FileWith(Model("gpt-6-luna", "a-first", "8"), Model("own", "z", "1"), Model("own", "b", "2")));
        var book = PriceBook.Load(file.Path);
        Assert.Multiple(() =>
        {
            Assert.That(book.Find("azure", "gpt-6-luna")?.Provider, Is.EqualTo("openai"));
            Assert.That(book.Find("azure", "own")?.Provider, Is.EqualTo("b"));
        });
    }

    [Test]
    public void Find_OfAnotherVendorsBuiltInModel_IsNullForAProviderWithoutAnEntry() =>
        Assert.That(PriceBook.Load(null).Find("openai", "claude-opus-5"), Is.Null);

    [Test]
    public void FindPriced_OfAModel_IsTheEntryOfExactlyThatSeller()
    {
        using var file = new TempFile(FileWith(Model("gpt-6-luna", "other", "7")));
        var book = PriceBook.Load(file.Path);
        Assert.Multiple(() =>
        {
            Assert.That(book.FindPriced("other", "gpt-6-luna")?.Prices[0].InputNanoUsdPerMillion, Is.EqualTo(7_000_000_000));
            Assert.That(book.FindPriced("openai", "gpt-6-luna")?.Prices[0].InputNanoUsdPerMillion, Is.EqualTo(100_000_000));
            Assert.That(book.FindPriced("anthropic", "gpt-6-luna"), Is.Null);
            Assert.That(book.FindPriced("anthropic", "claude-opus-5"), Is.Not.Null);
        });
    }

    // The entry "m" has prices from 2026-01-01. "m-2026-05-05" is an entry of its own.
    [TestCase("m-2026-02-03", 1_000_000_000)]
    [TestCase("m-20260203", 1_000_000_000)]
    [TestCase("m-2026-01-01", 1_000_000_000, Description = "the first day")]
    [TestCase("m-2026-05-05", 9_000_000_000, Description = "an exact entry")]
    [TestCase("m-2025-12-31", null, Description = "older than the first price")]
    [TestCase("m-2026-02-30", null, Description = "no such day")]
    [TestCase("m-0203", null)]
    [TestCase("m-latest", null)]
    [TestCase("m_20260203", null)]
    [TestCase("M-2026-02-03", null)]
    [TestCase("ft:m-2026-02-03", null)]
    public void Find_OfANameWithADate_IsTheEntryWithoutItUnderTheFullName(string name, long? input)
    {
        using var file = new TempFile(FileWith(Model("m", "p", "1"), Model("ft:m", "p", "3"), Model("m-2026-05-05", "p", "9")));
        var book = PriceBook.Load(file.Path);
        Assert.Multiple(() =>
        {
            foreach (var found in new[] { book.FindPriced("p", name), book.Find("p", name), book.Find("elsewhere", name) })
            {
                Assert.That(found?.Prices[0].InputNanoUsdPerMillion, Is.EqualTo(input));
                Assert.That(found?.Model, Is.EqualTo(input is null ? null : name));
            }

            Assert.That(book.FindPriced("elsewhere", name), Is.Null);
        });
    }

    [TestCase("gpt-unknown")]
    [TestCase("GPT-6-LUNA")]
    [TestCase("")]
    public void Find_OfAnUnknownName_IsNull(string model) =>
        Assert.That(PriceBook.Load(null).Find("openai", model), Is.Null);

    [TestCase("gpt-6-luna-2026-10-09", "gpt-6-luna")]
    [TestCase("gpt-4o-2024-05-13", "gpt-4o-2024-05-13")]
    public void Find_OfADatedName_IsItsOwnEntryOrThatOfItsAlias(string dated, string priced)
    {
        var book = PriceBook.Load(null);

        var found = book.Find("openai", dated)!;

        Assert.That(found.Model, Is.EqualTo(dated), "the entry keeps the name that is sent to the provider");
        Assert.That(found.Prices, Is.EqualTo(book.Find("openai", priced)!.Prices));
    }

    [TestCase("gpt-unknown-2026-07-09")]
    [TestCase("gpt-6-luna-2026-13-09")]
    [TestCase("gpt-6-luna-20260709")]
    [TestCase("gpt-6-luna2026-07-09")]
    [TestCase("-2026-07-09")]
    public void Find_OfANameThatOnlyLooksDated_IsNull(string model) => Assert.That(PriceBook.Load(null).Find("openai", model), Is.Null);

    [Test]
    public void Find_OfADatedFineTunedModel_IsNullWithoutAnEntryOfItsOwn()
    {
        using var file = new TempFile(FileWith(Model("ft:gpt-4o", "openai", "8")));

        Assert.That(PriceBook.Load(file.Path).Find("openai", "ft:gpt-4o-2026-07-09"), Is.Null);
    }

    [Test]
    public void Find_DoesNotAllocate()
    {
        var book = PriceBook.Load(null);
        book.Find("openai", "gpt-6-luna");
        book.Find("azure", "gpt-unknown");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            book.Find("openai", "gpt-6-luna");
            book.Find("azure", "gpt-unknown");
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Load_WithAFile_ReplacesAnEntryWholeAndKeepsTheOthers()
    {
        using var file = new TempFile(FileWith(Model("gpt-3.5-turbo", "openai", "3")));
        var (builtIn, merged) = (PriceBook.Load(null), PriceBook.Load(file.Path));
        var model = merged.Find("openai", "gpt-3.5-turbo")!;
        Assert.Multiple(() =>
        {
            Assert.That(merged.Models, Has.Count.EqualTo(builtIn.Models.Count));
            Assert.That(model.Prices.Single().InputNanoUsdPerMillion, Is.EqualTo(3_000_000_000));
            Assert.That(model.RetiredOn, Is.Null, "no member of the built-in entry is kept");
            Assert.That(merged.Find("openai", "gpt-4o"), Is.Not.Null);
        });
    }

    [Test]
    public void Load_WithANewModel_AddsItInOrder()
    {
        using var file = new TempFile(FileWith(Model("zeta", "openai", "1"), Model("m", "alpha", "1"), Model("a-model", "openai", "1")));
        var models = PriceBook.Load(file.Path).Models;
        Assert.That(models.Select(model => (model.Provider, model.Model)), Is.EqualTo(
            models.Select(model => (model.Provider, model.Model)).OrderBy(name => name.Provider, StringComparer.Ordinal).ThenBy(name => name.Model, StringComparer.Ordinal)));
        Assert.That(models, Has.Count.EqualTo(PriceBook.Load(null).Models.Count + 3));
    }

    [Test]
    public void Version_OfTheSameContent_IsTheSameInAnyForm()
    {
        using var one = new TempFile(FileWith(Model("m", "p", "1.5"), Model("n", "p", "2")));
        using var other = new TempFile(FileWith(Model("n", "p", "2.000"), Model("m", "p", "1.50")).Replace(",", ",\n  ", StringComparison.Ordinal));
        Assert.That(PriceBook.Load(one.Path).Version, Is.EqualTo(PriceBook.Load(other.Path).Version));
    }

    [Test]
    public void Version_OfTheBuiltInBook_HashesTheWholeOfEachModel()
    {
        var book = PriceBook.Load(null);
        var whole = JsonSerializer.SerializeToUtf8Bytes(book.Models);
        Assert.That(book.Version, Does.EndWith($"-{Convert.ToHexStringLower(SHA256.HashData(whole))[..12]}"));
    }

    [TestCase("\"1\"", "\"1.000000001\"")]
    [TestCase("\"contextWindow\":1000", "\"contextWindow\":1001")]
    [TestCase("\"prices\"", "\"retiredOn\":\"2030-01-01\",\"prices\"")]
    [TestCase("\"prices\"", "\"successor\":\"gpt-6-luna\",\"prices\"")]
    [TestCase("\"effectiveFrom\"", "\"flexPercent\":50,\"effectiveFrom\"")]
    [TestCase("\"effectiveFrom\"", "\"source\":\"x\",\"effectiveFrom\"")]
    [TestCase("\"effectiveFrom\"", "\"cacheWrite1hUsdPerMillion\":\"2\",\"effectiveFrom\"")]
    [TestCase("\"effectiveFrom\"", "\"peakPercent\":200,\"peakHoursUtc\":[\"mon 01:00-02:00\"],\"effectiveFrom\"")]
    [TestCase("\"prices\"", "\"toolCalls\":{\"web_search\":\"0.01\"},\"prices\"")]
    [TestCase("\"prices\"", "\"traits\":{\"sampling\":false},\"prices\"")]
    [TestCase("2026-01-01", "2026-01-02")]
    public void Version_WhenAnythingChanges_Differs(string from, string to)
    {
        var content = FileWith(Model("m", "p", "1"));
        Assert.That(content, Does.Contain(from), "the case changes the file");
        using var one = new TempFile(content);
        using var other = new TempFile(content.Replace(from, to, StringComparison.Ordinal));
        Assert.That(PriceBook.Load(one.Path).Version, Is.Not.EqualTo(PriceBook.Load(other.Path).Version));
    }

    [TestCase("", "2026-11-25")]
    [TestCase("\"checkedOn\": \"2026-01-01\",", "2026-11-25", Description = "the built-in prices are newer")]
    [TestCase("\"checkedOn\": \"2031-05-06\",", "2031-05-06")]
    public void Version_BeginsWithTheDayOfTheLastCheck(string member, string day)
    {
        using var file = new TempFile(FileWith(Model("m", "p", "1")).Replace("{\"models\"", $"{{{member}\"models\"", StringComparison.Ordinal));
        var book = PriceBook.Load(file.Path);
        Assert.Multiple(() =>
        {
            Assert.That(book.Version, Does.Match($"^{day}-[0-9a-f]{{12}}$"));
            Assert.That(book.CheckedOn?.ToString("O", CultureInfo.InvariantCulture), Is.EqualTo(day));
        });
    }

    [Test]
    public void Load_OfAFileWithFaults_NamesFileAndLines()
    {
        using var file = new TempFile("{\n\"models\": 1,\n\"extra\": 2}");
        var thrown = Assert.Throws<PriceFileException>(() => PriceBook.Load(file.Path));
        Assert.That(thrown.Faults, Is.EqualTo([
            $"{file.Path} line 2, $.models: must be an array",
            $"{file.Path} line 3, $.extra: is not a known member; known are $schema, checkedOn, models",
        ]));
    }

    [TestCase("/nowhere/prices.json")]
    [TestCase("/")]
    public void Load_OfAFileThatCannotBeRead_SaysSo(string path) =>
        Assert.That(
            () => PriceBook.Load(path),
            Throws.TypeOf<PriceFileException>().With.Message.Contains("cannot be read"));

    private static string FileWith(params string[] models) => $"{{\"models\":[{string.Join(',', models)}]}}";

    private static string Model(string model, string provider, string input) =>
        $$"""{"model":"{{model}}","provider":"{{provider}}","contextWindow":1000,"maxOutputTokens":100,"prices":[{"effectiveFrom":"2026-01-01","inputUsdPerMillion":"{{input}}","outputUsdPerMillion":"5"}]}""";
}
