using AiGateway.Infrastructure.Pricing.Tokens;

namespace AiGateway.Infrastructure.Tests.Pricing;

public sealed class TokenizerChunksTests
{
    [TestCase("")]
    [TestCase("ordinary words, however many of them, are never cut ")]
    [TestCase("name=value;name2=value2;")]
    [TestCase("abc123")]
    public void Next_InTextThatTheTokenizerSplits_IsTheEndOfTheText(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 250));
        Assert.That(TokenizerChunks.Next(text, 0, out _), Is.EqualTo(text.Length));
    }

    [TestCase("ordinary words ")]
    [TestCase("name=value;name2=value2;")]
    [TestCase("abc123")]
    public void Next_InALongTextThatTheTokenizerSplits_IsAtASplitOfTheTokenizer(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 5_000));
        var tokenizer = TokenizerFamily.Of("gpt-4o");
        var (start, tokens, pieces) = (0, 0L, 0);
        while (start < text.Length)
        {
            var cut = TokenizerChunks.Next(text, start, out var isExact);
            Assert.That(isExact, Is.True, $"at {cut}");
            Assert.That(cut - start, Is.LessThan(17 * 1024));
            tokens += tokenizer.CountTokens(text.AsSpan(start, cut - start));
            (start, pieces) = (cut, pieces + 1);
        }

        Assert.That((tokens, pieces > 1), Is.EqualTo(((long)tokenizer.CountTokens(text), true)));
    }

    [Test]
    public void Next_InALongWord_IsAfter240Characters()
    {
        var text = "word " + new string('x', 600);
        Assert.That(TokenizerChunks.Next(text, 0, out _), Is.EqualTo(4 + 240), "the 240 characters begin with the space before the word");
    }

    [TestCase("x'", Description = "part of a word, as in don't")]
    [TestCase("e\u0301", Description = "a mark is part of its letter for one tokenizer alone")]
    public void Next_WhereASplitIsNotCertain_IsAfter240Characters(string unit) =>
        Assert.That(TokenizerChunks.Next(string.Concat(Enumerable.Repeat(unit, 300)), 0, out _), Is.EqualTo(240));

    [Test]
    public void Next_InALongRunOfSurrogatePairs_SplitsNone()
    {
        var text = "x" + string.Concat(Enumerable.Repeat("😀", 400));
        for (var cut = TokenizerChunks.Next(text, 0, out _); cut < text.Length; cut = TokenizerChunks.Next(text, cut, out _))
            Assert.That(char.IsLowSurrogate(text[cut]), Is.False, $"at {cut}");
    }

    [Test]
    public void Next_BeforeAControlWord_SplitsIt() =>
        Assert.That(TokenizerChunks.Next("see <|endoftext|> there", 0, out _), Is.EqualTo("see <".Length));

    [TestCase("a <| b")]
    [TestCase("<|im_start|>")]
    [TestCase("<|endoftext")]
    public void Next_AtAnIncompleteControlWord_IsTheEndOfTheText(string text) =>
        Assert.That(TokenizerChunks.Next(text, 0, out _), Is.EqualTo(text.Length));
}
