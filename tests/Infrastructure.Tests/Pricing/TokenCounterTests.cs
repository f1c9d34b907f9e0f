using System.Diagnostics;
using AiGateway.Application.Requests;
using AiGateway.Infrastructure.Pricing.Tokens;
using AiGateway.Infrastructure.Tests.Providers;

namespace AiGateway.Infrastructure.Tests.Pricing;

// A test bounds the time that counting takes. Other fixtures would take the processor from it.
[NonParallelizable]
public sealed class TokenCounterTests
{
    private const string Old = "gpt-3.5-turbo";
    private const string New = "gpt-4o";
    private readonly TokenCounter _counter = new();

    // The counts were checked with js-tiktoken 1.0.21: cl100k_base, then o200k_base. Control words count as plain text.
    [TestCase("", 0, 0)]
    [TestCase("a", 1, 1)]
    [TestCase(" ", 1, 1)]
    [TestCase("hello world", 2, 2)]
    [TestCase("tiktoken is great!", 6, 6)]
    [TestCase("antidisestablishmentarianism", 6, 6)]
    [TestCase("Say this is a test", 5, 5)]
    [TestCase("The quick brown fox jumps over the lazy dog.", 10, 10)]
    [TestCase("お誕生日おめでとう", 9, 8)]
    [TestCase("2 + 2 = 4", 7, 7)]
    [TestCase("Привет, мир! Как дела?", 12, 8)]
    [TestCase("مرحبا بالعالم", 10, 4)]
    [TestCase("नमस्ते दुनिया", 13, 5)]
    [TestCase("안녕하세요 세계", 9, 3)]
    [TestCase("😀👍🏽👨‍👩‍👧‍👦", 26, 15)]
    [TestCase("Grüße aus Köln: naïve café", 10, 9)]
    [TestCase("public static int Main(string[] args)\n{\n    return args.Length > 0 ? 1 : 0;\n}\n", 24, 24)]
    [TestCase("{\"a\":[1,2,3],\"b\":{\"c\":null}}", 15, 15)]
    [TestCase("1234567890", 4, 4)]
    [TestCase("don't we'll I'M", 6, 4)]
    [TestCase("line one\r\n\r\n\tline two   \n", 6, 6)]
    [TestCase("𝓗𝓮𝓵𝓵𝓸 𠮷野家", 23, 21)]
    [TestCase("e\u0301te\u0301", 4, 4)]
    [TestCase("https://example.com/a/b?c=d&e=f#g", 12, 12)]
    public void CountText_OfKnownText_IsThePublicTokenizersCount(string text, int cl100k, int o200k) =>
        Assert.That((_counter.CountText(Old, text), _counter.CountText(New, text)), Is.EqualTo(((long)cl100k, (long)o200k)));

    // The counter has fixed counts for these roles. They must equal those of the tokenizer.
    [TestCase("system")]
    [TestCase("developer")]
    [TestCase("user")]
    [TestCase("assistant")]
    [TestCase("tool")]
    [TestCase("function")]
    public void CountMessages_WithAnyRole_CountsTheRoleAsTheTokenizerDoes(string role)
    {
        foreach (var model in (string[])[Old, New])
        {
            Assert.That(
                CountMessages(model, [new ChatMessage(role, "")]),
                Is.EqualTo(3 + 3 + _counter.CountText(model, role)), model);
        }
    }

    // The text repeats the word 100 times. The counts are from js-tiktoken, as above. A tokenizer that reads them as control tokens counts 100.
    [TestCase("<|endoftext|>", 601, 601)]
    [TestCase("<|endofprompt|>", 601, 601)]
    [TestCase("<|fim_prefix|>", 601, 501)]
    [TestCase("<|fim_middle|>", 601, 501)]
    [TestCase("<|fim_suffix|>", 601, 501)]
    public void CountText_OfControlWords_CountsThemAsPlainText(string word, int cl100k, int o200k)
    {
        const int Times = 100;
        var text = string.Concat(Enumerable.Repeat(word, Times));
        Assert.Multiple(() =>
        {
            Assert.That(_counter.CountText(Old, text), Is.InRange(cl100k, cl100k + (Times * TokenizerChunks.Allowance)));
            Assert.That(_counter.CountText(New, text), Is.InRange(o200k, o200k + (Times * TokenizerChunks.Allowance)));
        });
    }

    [TestCase("gpt-3.5-turbo", true)]
    [TestCase("gpt-3.5-turbo-0125", true)]
    [TestCase("gpt-35-turbo", true)]
    [TestCase("ft:gpt-3.5-turbo-0125:org::id", true)]
    [TestCase("gpt-4", true)]
    [TestCase("gpt-4-0613", true)]
    [TestCase("gpt-4-turbo", true)]
    [TestCase("text-embedding-3-small", true)]
    [TestCase("gpt-4o", false)]
    [TestCase("gpt-4o-mini", false)]
    [TestCase("ft:gpt-4o-mini:org::id", false)]
    [TestCase("gpt-4.1", false)]
    [TestCase("gpt-4.5-preview", false)]
    [TestCase("o3", false)]
    [TestCase("gpt-6-luna", false)]
    [TestCase("never-heard-of", false)]
    [TestCase("", false)]
    public void CountText_ForAModel_UsesTheTokenizerOfItsFamily(string model, bool isOld) =>
        Assert.That(_counter.CountText(model, "안녕하세요 세계"), Is.EqualTo(isOld ? 9 : 3));

    [Test]
    public void CountMessages_OfOneUserMessage_IsTheDocumentedTwelve() =>
        Assert.That(CountMessages(Old, [new("user", "Say this is a test")]), Is.EqualTo(12));

    [TestCase("system")]
    [TestCase("developer")]
    [TestCase("user")]
    [TestCase("assistant")]
    [TestCase("tool")]
    public void CountMessages_OfAnyRole_AddsFourTokensAMessageAndThreeForTheReply(string role)
    {
        ChatMessage[] messages = [new(role, "hello world"), new(role, "hello world")];
        Assert.Multiple(() =>
        {
            Assert.That(CountMessages(Old, messages), Is.EqualTo(3 + (2 * (4 + 2))));
            Assert.That(CountMessages(New, messages), Is.EqualTo(3 + (2 * (4 + 2))));
        });
    }

    [Test]
    public void CountMessages_OfNone_IsTheFramingOfTheReply() => Assert.That(CountMessages(New, []), Is.EqualTo(3));

    [TestCase("a")]
    [TestCase("語")]
    [TestCase("😀")]
    [TestCase(" ")]
    [TestCase("\n")]
    [TestCase("!")]
    [TestCase("1")]
    [TestCase("\u0301")]
    [TestCase("aB3")]
    [TestCase("\ud800", Description = "half a surrogate pair")]
    public void CountText_OfLongTextThatCannotBeSplit_IsFastAndNotTooLow(string unit)
    {
        const int Length = 300_000;
        var text = string.Concat(Enumerable.Repeat(unit, Length / unit.Length));
        var sample = string.Concat(Enumerable.Repeat(unit, 4_000 / unit.Length));
        var watch = Stopwatch.StartNew();
        foreach (var model in new[] { Old, New })
        {
            var atLeast = (long)TokenizerFamily.Of(model).CountTokens(sample) * Length / 4_000;
            Assert.That(_counter.CountText(model, text), Is.GreaterThanOrEqualTo(atLeast), model);
        }

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)), "the text is cut, because uncut each of these texts takes more than a minute");
    }

    [Test]
    public void CountText_OfLongOrdinaryText_IsExact()
    {
        const string Paragraph = "It's 10,000 metres – \"très bien\" – said Łukasz; 东京的天气很好，我们去散步。 int x = a[i] + 0x1F; // ok\r\n\r\n\tnext ";
        var text = string.Concat(Enumerable.Repeat(Paragraph, 200));
        foreach (var model in new[] { Old, New })
            Assert.That(_counter.CountText(model, text), Is.EqualTo(TokenizerFamily.Of(model).CountTokens(text)), model);
    }

    [Test]
    public void CountText_OfCutText_IsNeverLowerThanUncut()
    {
        var random = new Random(20261123);
        string[] alphabets = ["ab", "etaoin", "abcdefghijklmnopqrstuvwxyz", "aA", "!=", "()[]{}", " \t", "\r\n ", "的一是不了人我", "абвгд", "สวัด", "😀👍", "e\u0301a\u0300"];
        for (var i = 0; i < 1_500; i++)
        {
            var text = RandomTexts.AnyRun(random, alphabets[random.Next(alphabets.Length)], length: random.Next(250, 1_200));
            foreach (var model in new[] { Old, New })
            {
                var exact = TokenizerFamily.Of(model).CountTokens(text);
                Assert.That(_counter.CountText(model, text), Is.GreaterThanOrEqualTo(exact), $"case {i}, {model}");
            }
        }
    }

    [Test]
    public void CountText_FromManyThreads_IsCorrect()
    {
        var counts = new long[64];
        Parallel.For(0, counts.Length, i => counts[i] = _counter.CountText(i % 2 == 0 ? Old : New, "tiktoken is great!"));
        Assert.That(counts, Is.All.EqualTo(6));
    }

    private long CountMessages(string model, IReadOnlyList<ChatMessage> messages) =>
        _counter.CountPrompt(TestCall.Of(request => request with { Prompt = null, Messages = messages }).Request, TestCall.Model(model));
}
