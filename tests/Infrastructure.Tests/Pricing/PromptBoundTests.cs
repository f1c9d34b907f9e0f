using System.Text;
using AiGateway.Application.Pricing;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using AiGateway.Infrastructure.Pricing;
using AiGateway.Infrastructure.Pricing.Tokens;
using AiGateway.Infrastructure.Tests.Providers;

namespace AiGateway.Infrastructure.Tests.Pricing;

/// <summary>The bound of a prompt is never below the count of any tokenizer.</summary>
[TestFixture]
internal sealed class PromptBoundTests
{
    private const string Unknown = "tiny-llama";
    private const string Known = "gpt-4o";
    private static readonly string[] KnownModels = [Known, "gpt-3.5-turbo", "openai/gpt-4o", "ft:gpt-4.1:org::id", "gpt-6-luna"];
    private readonly TokenCounter _counter = new();

    private static IEnumerable<TestCaseData> Texts()
    {
        yield return Named("English", "The quick brown fox jumps over the lazy dog. ", 90);
        yield return Named("code", "public static int Main(string[] args)\n{\n\treturn a[i] += 0x1F; // ok\n}\n", 60);
        yield return Named("German", "Straßenbahnhaltestellenüberdachung, größtmögliche Maßstäbe. ", 70);
        yield return Named("Japanese", "お誕生日おめでとうございます。東京の天気は良いです。", 80);
        yield return Named("digits", "3141592653589793238462643383279", 130);
        yield return Named("emoji", "😀👍🏽👨‍👩‍👧‍👦🇩🇪", 100);
        yield return Named("one letter", "a", 4_000);
        var random = new byte[4_000];
        new Random(20261125).NextBytes(random);
        yield return Named("random bytes", Encoding.UTF8.GetString(random), 1);
    }

    [TestCaseSource(nameof(Texts))]
    public void Bound_OfAModelWithoutKnownTokenizer_IsItsBytesAnd32AMessageAndAboveEveryTokenizer(string text)
    {
        var bound = Bound(Unknown, text, "second").Tokens;

        Assert.That(bound, Is.EqualTo(Encoding.UTF8.GetByteCount(text) + "second".Length + (2 * 32)));
        foreach (var model in KnownModels)
            Assert.That(bound, Is.GreaterThanOrEqualTo(_counter.CountPrompt(Request(text, "second"), TestCall.Model(model))), model);
    }

    [TestCaseSource(nameof(Texts))]
    public void Bound_OfAModelWithKnownTokenizer_IsAtLeastTheTokenizersOwnCountOfTheWholeText(string text)
    {
        foreach (var model in KnownModels)
        {
            var own = TokenizerFamily.Of(model).CountTokens(text);
            Assert.That(Bound(model, text).Tokens, Is.GreaterThanOrEqualTo(own + 3 + 1 + 3), model);
        }
    }

    [TestCase(Known, true)]
    [TestCase("gpt-5.6-sol", true)]
    [TestCase("gpt-4", true)]
    [TestCase("gpt-4-0613", true)]
    [TestCase("chatgpt-4o-latest", true)]
    [TestCase("o3-mini", true)]
    [TestCase("azure/gpt-4.1", true)]
    [TestCase("openrouter/openai/gpt-5-mini", true)]
    [TestCase("openai/ft:gpt-4o-mini:org::id", true)]
    [TestCase("text-embedding-3-small", true)]
    [TestCase("text-embedding-004", false)]
    [TestCase("gpt-oss-120b", false)]
    [TestCase("openai/gpt-oss-20b", false)]
    [TestCase("gpt-4x-clone", false)]
    [TestCase("gpt-7", false)]
    [TestCase("o3x", false)]
    [TestCase("meta-llama/Llama-4", false)]
    [TestCase("my-deployment", false)]
    public void Rule_OfAModel_FollowsItsName(string model, bool isKnown) =>
        Assert.That(TokenizerFamily.RuleOf(TestCall.Model(model)).IsExact, Is.EqualTo(isKnown));

    [Test]
    public void Rule_OfOpenAisModelsOfTheBuiltInPrices_IsExact() =>
        Assert.That(PriceBook.Load(null).Models.Where(model => model.Provider == "openai" && !TokenizerFamily.RuleOf(model).IsExact), Is.Empty);

    [Test]
    public void Bound_WhenThePriceFileNamesATokenizer_UsesIt()
    {
        var request = Request("Bonjour à tous");
        var exact = _counter.CountPrompt(request, TestCall.Model(Known));

        long As(TokenizerKind kind, int? factor = null, string model = Unknown) =>
            _counter.CountPrompt(request, TestCall.Model(model) with { Tokenizer = kind, TokenFactorPercent = factor });

        Assert.Multiple(() =>
        {
            Assert.That(As(TokenizerKind.O200K), Is.EqualTo(exact));
            Assert.That(As(TokenizerKind.Bytes, model: Known), Is.EqualTo(15 + 32));
            Assert.That(As(TokenizerKind.ByName, factor: 340), Is.EqualTo(((exact * 340) + 99) / 100));
            Assert.That(As(TokenizerKind.ByName, factor: 100), Is.EqualTo(exact));
        });
    }

    [Test]
    public void Bound_OfAConversation_IsNeverMoreThanTheWindow()
    {
        var text = new string('x', 200_000);
        var images = new PromptExtras { Images = 10 };

        Assert.Multiple(() =>
        {
            Assert.That(Bound(Unknown, text), Is.EqualTo(new PromptBound(128_000)), "bytes do not decide whether a prompt fits");
            Assert.That(_counter.BoundPrompt(Request("Hi") with { Extras = images }, TestCall.Model(Known)).Tokens, Is.EqualTo((10 * 1_445) + 8));
            Assert.That(_counter.BoundPrompt(Request("Hi") with { Extras = images }, TestCall.Model("gpt-4o-mini")), Is.EqualTo(new PromptBound(128_000)));
            Assert.That(
                _counter.BoundPrompt(Request("Hi") with { Extras = new PromptExtras { IsUnbounded = true } }, TestCall.Model(Known)),
                Is.EqualTo(new PromptBound(128_000)));
        });
    }

    [TestCase("word ", 4 * 128_000, Description = "the fake counts a token for four characters")]
    [TestCase("x", 2 * 4 * 128_000, Description = "cut every 240 characters, with a margin at each cut")]
    public void Bound_Of32MiB_StopsCountingOnceTheWindowIsExceeded(string unit, long mostCharacters)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 32 * 1024 * 1024 / unit.Length));
        var (characters, calls) = (0L, 0);
        var counter = new TokenCounter((_, piece) =>
        {
            characters += piece.Length;
            calls++;
            return (piece.Length + 3) / 4;
        });

        var known = counter.BoundPrompt(Request(text, text), TestCall.Model(Known));
        Assert.That(known, Is.EqualTo(new PromptBound(128_000, ExceedsWindow: true)));
        Assert.That(characters, Is.LessThan(mostCharacters + (32 * 1024)));

        calls = 0;
        var unknown = counter.BoundPrompt(Request(text, text), TestCall.Model(Unknown));
        Assert.That((unknown, calls), Is.EqualTo((new PromptBound(128_000), 0)), "a bound by bytes runs no tokenizer");
    }

    [TestCase("字")]
    [TestCase("QUJD")]
    [TestCase(" ")]
    public void CountText_OfARepeatedPattern_CountsEqualPiecesOnce(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 100_000));
        var calls = 0;
        var counter = new TokenCounter((_, piece) =>
        {
            calls++;
            return piece.Length;
        });

        var tokens = counter.CountText(Known, text);

        Assert.That(tokens, Is.EqualTo(text.Length + ((text.Length - 1) / 240 * TokenizerChunks.Allowance)));
        Assert.That(calls, Is.LessThanOrEqualTo(2), "the last piece is shorter");
    }

    [Test]
    public void Bound_OfATextThatJustFits_NeverExceedsTheWindow()
    {
        var random = new Random(20261126);
        string[] alphabets = ["ab", "etaoin ", "aA1", "!=", " \t\r\n", "的一是不了人我字", "абвгд", "สวัด", "😀👍", "e\u0301a\u0300", "0123456789"];
        for (var i = 0; i < 400; i++)
        {
            var text = RandomTexts.AnyRun(random, alphabets[random.Next(alphabets.Length)], length: random.Next(250, 3_000));
            foreach (var model in (string[])[Known, "gpt-3.5-turbo"])
            {
                var exact = TokenizerFamily.Of(model).CountTokens(text) + 7;
                var fitting = TestCall.Model(model) with { Capabilities = new() { ContextWindow = exact, MaxOutputTokens = 0 } };
                Assert.That(_counter.BoundPrompt(Request(text), fitting), Is.EqualTo(new PromptBound(exact)), $"case {i}, {model}");
            }
        }
    }

    [Test]
    public void CountText_OfALongReply_CountsAllOfIt()
    {
        var text = string.Concat(Enumerable.Repeat("word ", 200_000));
        var counter = new TokenCounter((_, piece) => piece.Length);

        Assert.That(counter.CountText(Known, text), Is.EqualTo(text.Length), "all delivered text is charged, however long it is");
    }

    [Test]
    public void Bound_OfPredictedText_IsAddedAndBoundedLikeAPrompt()
    {
        PromptBound Predicting(string model, string text) =>
            _counter.BoundPrompt(Request("Hi") with { Extras = new PromptExtras { Prediction = text } }, TestCall.Model(model));

        Assert.Multiple(() =>
        {
            Assert.That(Predicting(Known, "hello world").PredictedTokens, Is.EqualTo(2));
            Assert.That(Predicting(Unknown, "hello world").PredictedTokens, Is.EqualTo(11));
            Assert.That(Predicting(Unknown, new string('x', 1_000_000)).PredictedTokens, Is.EqualTo(128_000));
        });
    }

    [Test]
    public void Bound_OfEmbeddings_GivesEachInputAWindowAndCountsUpTo300000Tokens()
    {
        var calls = 0;
        var counter = new TokenCounter((BytePairTokenizer _, ReadOnlySpan<char> piece) =>
        {
            calls++;
            return piece.Length;
        });
        var model = TestCall.Model("text-embedding-3-small") with { Capabilities = new() { ContextWindow = 8_192, MaxOutputTokens = 0 } };

        PromptBound Of(int inputs, int length)
        {
            var extras = new PromptExtras { Texts = [.. Enumerable.Repeat(new string(' ', length), inputs)] };
            return counter.BoundPrompt(Request("") with { Operation = ModelOperation.Embeddings, Messages = [], Extras = extras }, model);
        }

        Assert.Multiple(() =>
        {
            Assert.That(Of(10, 100), Is.EqualTo(new PromptBound(1_000)));
            Assert.That(Of(1, 100_000), Is.EqualTo(new PromptBound(8_192, ExceedsWindow: true)));
        });
        model = model with { Tokenizer = TokenizerKind.Bytes };
        Assert.That((Of(10, 100).Tokens, Of(2, 8_192).Tokens), Is.EqualTo((10 * (100 + 32L), 2 * 8_192L)), "each input has 32 tokens of framing where the tokenizer is unknown");
        model = model with { Tokenizer = TokenizerKind.Cl100K };
        calls = 0;
        Assert.That(Of(20_000, 100).Tokens, Is.EqualTo(2_000_000));
        Assert.That(calls, Is.EqualTo(3_001), "after 300,000 tokens the remaining inputs are bounded by their bytes");
    }

    [TestCase("gpt-4o", 1_445, 85)]
    [TestCase("gpt-4o-mini", 48_169, 2_833)]
    [TestCase("ft:gpt-4o-mini:org::id", 48_169, 2_833)]
    [TestCase("openai/gpt-4o-mini", 48_169, 2_833)]
    [TestCase("openai/ft:gpt-4o-mini-2024-07-18:org::id", 48_169, 2_833)]
    [TestCase("o1-like-llama", 1_275, 75)]
    [TestCase("gpt-5.6", 12_000, 12_000)]
    [TestCase("pixtral", 12_000, 12_000)]
    [TestCase("gpt-4ox", 12_000, 12_000)]
    public void Images_OfAModel_FollowTheRuleOfItsBaseModelOrTheMaximum(string model, long full, long low) => Assert.That(
        (ImageTokens.Of(model, isLowDetail: false), ImageTokens.Of(model, isLowDetail: true)), Is.EqualTo((full, low)));

    private static TestCaseData Named(string name, string unit, int times) =>
        new TestCaseData(string.Concat(Enumerable.Repeat(unit, times))).SetArgDisplayNames(name);

    private static ModelRequest Request(params string[] texts) => TestCall.Of(request => request with
    {
        Prompt = null,
        Messages = [.. texts.Select(text => new ChatMessage("user", text))],
    }).Request;

    private PromptBound Bound(string model, params string[] texts) => _counter.BoundPrompt(Request(texts), TestCall.Model(model));
}
