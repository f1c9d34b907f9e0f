using System.Text;
using AiGateway.Domain;
using AiGateway.Infrastructure.Pricing;

namespace AiGateway.Infrastructure.Tests.Pricing;

public sealed class PriceFileTests
{
    // Line 5 has the model and line 9 the price.
    private const string Template = """
        {
          "models": [
            {
              "provider": "openai",
              "model": "gpt-x",
              "contextWindow": 128000,
              "maxOutputTokens": 4096,
              "prices": [
                {"effectiveFrom": "2026-01-01", "inputUsdPerMillion": "1.00", "outputUsdPerMillion": "2.00"}
              ]
            }
          ]
        }
        """;

    [Test]
    public void Read_OfTheDocumentedForm_YieldsEveryMember()
    {
        var model = Read("""
            {"models":[{"model":"gpt-x","provider":"openai","contextWindow":128000,"maxOutputTokens":4096,
            "capabilities":["chat","tools","reasoning","structuredOutput","vision","embeddings"],
            "retiredOn":"2027-01-14","successor":"gpt-y","prices":[
            {"effectiveFrom":"2026-01-01","inputUsdPerMillion":"1.00","outputUsdPerMillion":"2"},
            {"effectiveFrom":"2026-06-01","inputUsdPerMillion":"0.75","cachedInputUsdPerMillion":"0.000000001",
            "cacheWriteUsdPerMillion":"0.9375","outputUsdPerMillion":"1.5000000000000000000000000000000000",
            "longContextAboveTokens":272000,"longContextInputPercent":200,"longContextOutputPercent":150,
            "flexPercent":50,"priorityPercent":1000,"source":"the price list"}]}]}
            """).Single();

        Assert.Multiple(() =>
        {
            Assert.That(model with { Prices = [] }, Is.EqualTo(new PricedModel
            {
                Model = "gpt-x",
                Provider = "openai",
                Capabilities = new ModelCapabilities
                {
                    ContextWindow = 128_000,
                    MaxOutputTokens = 4_096,
                    Tools = true,
                    Reasoning = true,
                    StructuredOutput = true,
                    Vision = true,
                    Embeddings = true,
                },
                RetiredOn = new DateOnly(2027, 1, 14),
                Successor = "gpt-y",
                Prices = [],
            }).Using<PricedModel>((left, right) => left.Capabilities == right.Capabilities
                && (left.Model, left.Provider, left.RetiredOn, left.Successor) == (right.Model, right.Provider, right.RetiredOn, right.Successor)));
            Assert.That(model.Prices, Is.EqualTo(new[]
            {
                new ModelPrice
                {
                    EffectiveFrom = new DateOnly(2026, 1, 1),
                    InputNanoUsdPerMillion = 1_000_000_000,
                    OutputNanoUsdPerMillion = 2_000_000_000,
                },
                new ModelPrice
                {
                    EffectiveFrom = new DateOnly(2026, 6, 1),
                    InputNanoUsdPerMillion = 750_000_000,
                    CachedInputNanoUsdPerMillion = 1,
                    CacheWriteNanoUsdPerMillion = 937_500_000,
                    OutputNanoUsdPerMillion = 1_500_000_000,
                    LongContextAboveTokens = 272_000,
                    LongContextInputPercent = 200,
                    LongContextOutputPercent = 150,
                    FlexPercent = 50,
                    PriorityPercent = 1000,
                    Source = "the price list",
                },
            }));
        });
    }

    [Test]
    public void Read_WithoutOptionalMembers_HasChatAndNoRetirement()
    {
        var model = Read(Template).Single();
        Assert.Multiple(() =>
        {
            Assert.That(model.Capabilities, Is.EqualTo(new ModelCapabilities { ContextWindow = 128_000, MaxOutputTokens = 4_096, Chat = true }));
            Assert.That(model.RetiredOn, Is.Null);
            Assert.That(model.Successor, Is.Null);
        });
    }

    [Test]
    public void Read_OfAFileWithByteOrderMark_IsTheSame() =>
        Assert.That(Read("\uFEFF" + Template).Single().Model, Is.EqualTo("gpt-x"));

    [TestCase("\"1.00\"", "1.00", "line 9, $.models[0].prices[0].inputUsdPerMillion: must be a decimal string")]
    [TestCase("\"1.00\"", "\"-1.00\"", "line 9, $.models[0].prices[0].inputUsdPerMillion: must not be negative")]
    [TestCase("\"1.00\"", "\"0.0000000001\"", "line 9, $.models[0].prices[0].inputUsdPerMillion: must not have more than 9 decimals")]
    [TestCase("\"1.00\"", "\"0.00000000000000000000000000000000000000001\"", "line 9, $.models[0].prices[0].inputUsdPerMillion: must not have more than 9 decimals")]
    [TestCase("\"1.00\"", "\"1000000.01\"", "line 9, $.models[0].prices[0].inputUsdPerMillion: must not be above 1000000")]
    [TestCase("\"1.00\"", "\"99999999999999999999999999999999999\"", "line 9, $.models[0].prices[0].inputUsdPerMillion: must not be above 1000000")]
    [TestCase("\"1.00\"", "\"1,000.00\"", "line 9, $.models[0].prices[0].inputUsdPerMillion: must be a decimal string")]
    [TestCase("\"1.00\"", "\" 1.00\"", "line 9, $.models[0].prices[0].inputUsdPerMillion: must be a decimal string")]
    [TestCase("\"1.00\"", "\"1e3\"", "line 9, $.models[0].prices[0].inputUsdPerMillion: must be a decimal string")]
    [TestCase("\"1.00\"", "\".5\"", "line 9, $.models[0].prices[0].inputUsdPerMillion: must be a decimal string")]
    [TestCase("\"1.00\"", "\"\"", "line 9, $.models[0].prices[0].inputUsdPerMillion: must be a decimal string")]
    [TestCase("\"1.00\"", "null", "line 9, $.models[0].prices[0].inputUsdPerMillion: is required")]
    [TestCase("\"inputUsdPerMillion\": \"1.00\", ", "", "line 9, $.models[0].prices[0].inputUsdPerMillion: is required")]
    [TestCase(", \"outputUsdPerMillion\": \"2.00\"", "", "line 9, $.models[0].prices[0].outputUsdPerMillion: is required")]
    [TestCase("\"effectiveFrom\": \"2026-01-01\", ", "", "line 9, $.models[0].prices[0].effectiveFrom: is required")]
    [TestCase("\"2026-01-01\"", "\"2026-02-30\"", "line 9, $.models[0].prices[0].effectiveFrom: must be a date")]
    [TestCase("\"2026-01-01\"", "\"01/02/2026\"", "line 9, $.models[0].prices[0].effectiveFrom: must be a date")]
    [TestCase("\"2026-01-01\"", "20260101", "line 9, $.models[0].prices[0].effectiveFrom: must be a date")]
    [TestCase("\"2.00\"}", "\"2.00\", \"flexPercent\": 0}", "line 9, $.models[0].prices[0].flexPercent: must be a whole number from 1 to 1000")]
    [TestCase("\"2.00\"}", "\"2.00\", \"priorityPercent\": 1001}", "line 9, $.models[0].prices[0].priorityPercent: must be a whole number from 1 to 1000")]
    [TestCase("\"2.00\"}", "\"2.00\", \"longContextInputPercent\": 1.5}", "line 9, $.models[0].prices[0].longContextInputPercent: must be a whole number")]
    [TestCase("\"2.00\"}", "\"2.00\", \"longContextOutputPercent\": -5}", "line 9, $.models[0].prices[0].longContextOutputPercent: must be a whole number")]
    [TestCase("\"2.00\"}", "\"2.00\", \"longContextAboveTokens\": 0}", "line 9, $.models[0].prices[0].longContextAboveTokens: must be a whole number from 1")]
    [TestCase("\"2.00\"}", "\"2.00\", \"cachedInputUsd\": \"1\"}", "line 9, $.models[0].prices[0].cachedInputUsd: is not a known member")]
    [TestCase("\"1.00\"", "\"0.00\"", "line 9, $.models[0].prices[0].inputUsdPerMillion: is 0; say \"free\": true")]
    [TestCase("\"2.00\"", "\"0\"", "line 9, $.models[0].prices[0].outputUsdPerMillion: is 0; say \"free\": true")]
    [TestCase("\"2.00\"", "\"2.00\", \"free\": true", "line 9, $.models[0].prices[0]: free is true, but neither")]
    [TestCase("\"2.00\"", "null", "line 9, $.models[0].prices[0].outputUsdPerMillion: is required")]
    [TestCase("\"2.00\"", "\"2.00\", \"free\": \"yes\"", "line 9, $.models[0].prices[0].free: must be true or false")]
    [TestCase("\"2.00\"", "\"2.00\", \"peakPercent\": 200", "line 9, $.models[0].prices[0]: peakPercent and peakHoursUtc need each other")]
    [TestCase("\"2.00\"", "\"2.00\", \"peakHoursUtc\": [\"mon 01:00-02:00\"]", "line 9, $.models[0].prices[0]: peakPercent and peakHoursUtc need each other")]
    [TestCase("\"2.00\"", "\"2.00\", \"usGeographyPercent\": 0", "line 9, $.models[0].prices[0].usGeographyPercent: must be a whole number from 1 to 1000")]
    [TestCase("\"2.00\"", "\"2.00\", \"cacheWrite1hUsdPerMillion\": 2", "line 9, $.models[0].prices[0].cacheWrite1hUsdPerMillion: must be a decimal string")]
    [TestCase("4096,", "4096, \"traits\": [],", "line 7, $.models[0].traits: must be an object")]
    [TestCase("4096,", "4096, \"traits\": {\"sampling\": 1},", "line 7, $.models[0].traits.sampling: must be true or false")]
    [TestCase("4096,", "4096, \"traits\": {\"thinking\": [\"deep\"]},", "line 7, $.models[0].traits.thinking[0]: must be one of adaptive")]
    [TestCase("4096,", "4096, \"traits\": {\"colour\": true},", "line 7, $.models[0].traits.colour: is not a known member; known are sampling, ")]
    [TestCase("4096,", "4096, \"toolCalls\": {\"web_search\": 0.01},", "line 7, $.models[0].toolCalls.web_search: must be a decimal string")]
    [TestCase("4096,", "4096, \"toolCalls\": {\"web_search\": null},", "line 7, $.models[0].toolCalls.web_search: is required")]
    [TestCase("\"models\": [", "\"checkedOn\": \"today\",\n\"models\": [", "line 2, $.checkedOn: must be a date")]
    [TestCase("\"2.00\"}", "\"2.00\", \"source\": \"\"}", "line 9, $.models[0].prices[0].source: must be 1 to 500 characters")]
    [TestCase("\"2.00\"}", "\"2.00\", \"inputUsdPerMillion\": \"3\"}", "line 9, $.models[0].prices[0].inputUsdPerMillion: is given twice")]
    [TestCase("\"2.00\"}", "\"2.00\"},\n{\"effectiveFrom\": \"2026-01-01\", \"inputUsdPerMillion\": \"1\", \"outputUsdPerMillion\": \"2\"}", "line 10, $.models[0].prices[1]: effectiveFrom must be later")]
    [TestCase("\"2.00\"}", "\"2.00\"}, 7", "line 9, $.models[0].prices[1]: must be an object")]
    [TestCase("\"gpt-x\"", "\"\"", "line 5, $.models[0].model: must be 1 to 500 characters")]
    [TestCase("\"gpt-x\"", "7", "line 5, $.models[0].model: must be a string")]
    [TestCase("\"gpt-x\"", "\"gpt-x \"", "line 5, $.models[0].model: must be 1 to 500 characters")]
    [TestCase("\"model\": \"gpt-x\",", "", "line 3, $.models[0].model: is required")]
    [TestCase("\"provider\": \"openai\",", "", "line 3, $.models[0].provider: is required")]
    [TestCase("\"contextWindow\": 128000,", "", "line 3, $.models[0].contextWindow: is required")]
    [TestCase("\"maxOutputTokens\": 4096,", "", "line 3, $.models[0].maxOutputTokens: is required")]
    [TestCase("128000", "0", "line 6, $.models[0].contextWindow: must be a whole number from 1")]
    [TestCase("128000", "99999999999999999999", "line 6, $.models[0].contextWindow: must be a whole number from 1")]
    [TestCase("128000", "\"128000\"", "line 6, $.models[0].contextWindow: must be a whole number from 1")]
    [TestCase("4096", "-1", "line 7, $.models[0].maxOutputTokens: must be a whole number from 0")]
    [TestCase("4096", "0", "line 3, $.models[0]: maxOutputTokens must be at least 1 for a model that chats")]
    [TestCase("4096,", "4096, \"capabilities\": [\"chat\", \"fly\"],", "line 7, $.models[0].capabilities[1]: must be one of chat")]
    [TestCase("4096,", "4096, \"capabilities\": \"chat\",", "line 7, $.models[0].capabilities: must be an array")]
    [TestCase("4096,", "4096, \"retiredOn\": \"soon\",", "line 7, $.models[0].retiredOn: must be a date")]
    [TestCase("4096,", "4096, \"successor\": 5,", "line 7, $.models[0].successor: must be a string")]
    [TestCase("4096,", "4096, \"tokenizer\": \"llama\",", "line 3, $.models[0]: tokenizer must be one of o200k_base, cl100k_base, bytes")]
    [TestCase("4096,", "4096, \"tokenFactorPercent\": 0,", "line 7, $.models[0].tokenFactorPercent: must be a whole number from 1 to 10000")]
    [TestCase("4096,", "4096, \"tokenizer\": \"bytes\", \"tokenFactorPercent\": 130,", "line 3, $.models[0]: tokenizer and tokenFactorPercent exclude each other")]
    [TestCase("4096,", "4096, \"note\": 5,", "line 7, $.models[0].note: is not a known member")]
    [TestCase("\"models\": [", "\"version\": 1,\n\"models\": [", "line 2, $.version: is not a known member")]
    [TestCase("\"2.00\"}", "\"2.00\"", "line 10: is not valid JSON")]
    [TestCase("\"gpt-x\",", "\"gpt-x\"", "line 6: is not valid JSON")]
    [TestCase("128000,", "0128000,", "line 6: is not valid JSON")]
    [TestCase("\"gpt-x\"", "\"\\ud800\"", "line 5: holds text that is not valid Unicode")]
    public void Read_OfAFileWithOneFault_NamesItsLineAndPath(string right, string wrong, string expected)
    {
        var changed = Template.Replace(right, wrong, StringComparison.Ordinal);
        Assert.That(changed, Is.Not.EqualTo(Template), "the case changes the file");
        var faults = FaultsOf(changed);
        Assert.That(faults, Has.Count.EqualTo(1).And.Some.StartsWith(expected), string.Join('\n', faults));
    }

    [TestCase("", "line 1: is not valid JSON")]
    [TestCase("[]", "line 1, $: must be an object")]
    [TestCase("{}", "line 1, $.models: is required")]
    [TestCase("{\"models\":{}}", "line 1, $.models: must be an array")]
    [TestCase("{\"models\":[[]]}", "line 1, $.models[0]: must be an object")]
    [TestCase("{\"models\":[]}\nx", "line 2: is not valid JSON")]
    [TestCase("// note\n{\"models\":[]}", "line 1: is not valid JSON")]
    public void Read_OfAnotherShape_SaysWhatItMustBe(string json, string expected)
    {
        var faults = FaultsOf(json);
        Assert.That(faults, Has.Count.EqualTo(1).And.Some.StartsWith(expected), string.Join('\n', faults));
    }

    [TestCase("", TokenizerKind.ByName, null)]
    [TestCase("\"tokenizer\": \"o200k_base\",", TokenizerKind.O200K, null)]
    [TestCase("\"tokenizer\": \"cl100k_base\",", TokenizerKind.Cl100K, null)]
    [TestCase("\"tokenizer\": \"bytes\",", TokenizerKind.Bytes, null)]
    [TestCase("\"tokenFactorPercent\": 340,", TokenizerKind.ByName, 340)]
    public void Read_OfATokenizer_KeepsIt(string member, TokenizerKind tokenizer, int? factor)
    {
        var model = Read(Template.Replace("4096,", $"4096, {member}", StringComparison.Ordinal))[0];
        Assert.That((model.Tokenizer, model.TokenFactorPercent), Is.EqualTo((tokenizer, factor)));
    }

    [Test]
    public void Read_OfTraitsToolCallsAndSurcharges_KeepsThem()
    {
        var model = Read(Template
            .Replace("4096,", """
                4096, "traits": {"sampling": false, "forcedToolChoice": false, "prefill": false, "audio": false,
                "thinking": ["adaptive", "between_tools"], "efforts": ["none", "xhigh"]}, "toolCalls": {"web_search": "0.01"},
                """, StringComparison.Ordinal)
            .Replace("\"2.00\"}", """
                "2.00", "cacheWrite1hUsdPerMillion": "2.00", "usGeographyPercent": 110, "fastPercent": 250,
                "peakPercent": 200, "peakHoursUtc": ["mon-fri 01:00-04:00", "sat 22:30-24:00"]}
                """, StringComparison.Ordinal)).Single();
        var price = model.Prices[0];
        Assert.Multiple(() =>
        {
            Assert.That(model.Traits, Is.EqualTo(new ModelTraits
            {
                Sampling = false,
                ForcedToolChoice = false,
                Prefill = false,
                Audio = false,
                Thinking = ThinkingTypes.Adaptive | ThinkingTypes.BetweenTools,
                Efforts = ReasoningEfforts.Off | ReasoningEfforts.XHigh,
            }));
            Assert.That(model.ToolCalls, Is.EqualTo(new Dictionary<string, long> { ["web_search"] = 10_000_000 }));
            Assert.That(
                (price.CacheWrite1hNanoUsdPerMillion, price.UsGeographyPercent, price.FastPercent, price.PeakPercent),
                Is.EqualTo((2_000_000_000, 110, 250, 200)));
            Assert.That(price.PeakHours, Is.EqualTo(new PeakHours[]
            {
                new(DayOfWeek.Monday, DayOfWeek.Friday, TimeSpan.FromHours(1), TimeSpan.FromHours(4)),
                new(DayOfWeek.Saturday, DayOfWeek.Saturday, new TimeSpan(22, 30, 0), TimeSpan.FromHours(24)),
            }));
        });
    }

    [TestCase("4096", "\"1.00\"", "\"2.00\"", 1, 2)]
    [TestCase("4096", "\"1.00\", \"free\": true", "\"0\"", 1, 0)]
    [TestCase("4096", "\"0.00\", \"free\": true", "\"2.00\"", 0, 2)]
    [TestCase("4096", "null, \"free\": true", "null", 0, 0, Description = "what is free need not be written")]
    [TestCase("0, \"capabilities\": [\"embeddings\"]", "\"1.00\"", "null", 1, 0, Description = "embeddings have no output")]
    [TestCase("0, \"capabilities\": [\"embeddings\"]", "\"1.00\"", "\"0\"", 1, 0)]
    public void Read_OfAnAmountThatMayBeZero_KeepsIt(string limit, string input, string output, long inputUsd, long outputUsd)
    {
        var price = Read(Template
            .Replace("4096", limit, StringComparison.Ordinal)
            .Replace("\"1.00\"", input, StringComparison.Ordinal)
            .Replace("\"2.00\"", output, StringComparison.Ordinal)).Single().Prices[0];
        Assert.That(
            (price.InputNanoUsdPerMillion, price.OutputNanoUsdPerMillion),
            Is.EqualTo((inputUsd * Money.NanoUsdPerUsd, outputUsd * Money.NanoUsdPerUsd)));
    }

    [Test]
    public void Read_OfTheDayOfTheLastCheck_KeepsIt()
    {
        var faults = new List<string>();
        var file = PriceFile.Read(Encoding.UTF8.GetBytes(Template.Replace("\"models\"", "\"checkedOn\": \"2026-11-25\", \"models\"", StringComparison.Ordinal)), faults);
        Assert.That((file.CheckedOn, faults.Count), Is.EqualTo((new DateOnly(2026, 11, 25), 0)));
    }

    [Test]
    public void Read_OfEmptyPrices_IsAFault()
    {
        var start = Template.IndexOf("{\"effective", StringComparison.Ordinal);
        var end = Template.IndexOf("\"2.00\"}", StringComparison.Ordinal) + "\"2.00\"}".Length;
        Assert.That(FaultsOf(Template.Remove(start, end - start)), Is.EqualTo(new[] { "line 3, $.models[0]: prices must not be empty" }));
    }

    [Test]
    public void Read_OfAModelGivenTwice_NamesTheSecond()
    {
        const string Model = """{"model":"m","provider":"p","contextWindow":1,"maxOutputTokens":1,"prices":[{"effectiveFrom":"2026-01-01","inputUsdPerMillion":"1","outputUsdPerMillion":"1"}]}""";
        Assert.That(
            FaultsOf($"{{\"models\":[\n{Model},\n{Model}]}}"),
            Is.EqualTo(new[] { "line 3, $.models[1]: the model m of p is given twice" }));
    }

    [Test]
    public void Read_OfSeveralFaults_NamesThemAll()
    {
        var faults = FaultsOf(Template
            .Replace("128000", "0", StringComparison.Ordinal)
            .Replace("\"1.00\"", "1.00", StringComparison.Ordinal)
            .Replace("\"2.00\"", "\"-2.00\"", StringComparison.Ordinal)
            .Replace("\"2026-01-01\"", "\"\"", StringComparison.Ordinal));
        Assert.That(faults, Has.Count.EqualTo(4), string.Join('\n', faults));
    }

    [Test]
    public void Read_OfEndlessNesting_IsAFault() =>
        Assert.That(FaultsOf(new string('[', 100_000)), Has.One.Contains("is not valid JSON"));

    [Test]
    public void Read_OfInvalidUtf8_IsAFault()
    {
        var faults = new List<string>();
        PriceFile.Read([.. "{\"models\":\n\""u8, 0xFF, .. "\"}"u8], faults);
        Assert.That(faults, Has.One.StartsWith("line 2: "));
    }

    private static IReadOnlyList<PricedModel> Read(string json)
    {
        var faults = new List<string>();
        var models = PriceFile.Read(Encoding.UTF8.GetBytes(json), faults).Models;
        Assert.That(faults, Is.Empty);
        return models;
    }

    private static List<string> FaultsOf(string json)
    {
        var faults = new List<string>();
        PriceFile.Read(Encoding.UTF8.GetBytes(json), faults);
        return faults;
    }
}
