using System.Text;
using AiGateway.Infrastructure.Pricing.Tokens;
using Microsoft.ML.Tokenizers;

namespace AiGateway.Infrastructure.Tests.Pricing;

/// <summary>The counts are those of Microsoft's tokenizer, whose tables take ten times the memory.</summary>
[TestFixture]
internal sealed class BytePairTokenizerTests
{
    private const int Cases = 3_000;
    private static readonly string[] Alphabets =
    [
        "abc ABC'sdtLLve", "  \t\r\n\u00a0\u3000x1", "日本語漢字かなカナ한국어", "éàü\u0301\u0308 ñß", "0123456789٠١٢", "!?.,;:/\\|<>[]{}\"'`~@#$%^&*()",
        "😀🏳\ufe0f\u200dz", "абвгд ЖЗИ ǅǲ ʰª", "'s'T'Re'LL'vE'm'Dſ'ſK",
    ];

    [TestCase("o200k_base")]
    [TestCase("cl100k_base")]
    public void CountTokens_OfRandomTexts_EqualsMicrosofts(string encoding)
    {
        var (own, other) = (Load(encoding), TiktokenTokenizer.CreateForEncoding(encoding));
        var random = new Random(20261127);
        for (var i = 0; i < Cases; i++)
        {
            var text = WellFormed(i % 3 == 0 ? AnyCharacters(random) : RandomTexts.AnyRun(random, Alphabets[random.Next(Alphabets.Length)], random.Next(1, 60)));
            Assert.That(own.CountTokens(text), Is.EqualTo(other.CountTokens(text)), () => $"case {i}: {string.Join(' ', text.Select(each => $"{(int)each:x}"))}");
        }
    }

    [TestCase("o200k_base")]
    [TestCase("cl100k_base")]
    public void CountTokens_OfLongRuns_EqualsMicrosofts(string encoding)
    {
        var (own, other) = (Load(encoding), TiktokenTokenizer.CreateForEncoding(encoding));
        foreach (var unit in "a0 .漢\n\ré")
        {
            foreach (var length in (int[])[1, 2, 63, 64, 84, 85, 86, 255, 256, 257, 700])
            {
                var text = new string(unit, length);
                Assert.That(own.CountTokens(text), Is.EqualTo(other.CountTokens(text)), $"{length} times {(int)unit:x}");
            }
        }
    }

    [Test]
    public void CountTokens_OfHalfASurrogatePair_CountsTheReplacementCharacter()
    {
        var tokenizer = BytePairTokenizer.LoadO200K();
        Assert.That(tokenizer.CountTokens("a \ud800 b"), Is.EqualTo(tokenizer.CountTokens("a \ufffd b")));
    }

    private static BytePairTokenizer Load(string encoding) =>
        encoding == "cl100k_base" ? BytePairTokenizer.LoadCl100K() : BytePairTokenizer.LoadO200K();

    private static string AnyCharacters(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => (char)random.Next(1, char.MaxValue)));

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
