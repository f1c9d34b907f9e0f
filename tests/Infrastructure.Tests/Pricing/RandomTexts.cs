using System.Text;

namespace AiGateway.Infrastructure.Tests.Pricing;

/// <summary>Texts that a tokenizer cannot split.</summary>
internal static class RandomTexts
{
    /// <summary>Random characters, or a short random pattern that repeats.</summary>
    public static string AnyRun(Random random, string alphabet, int length)
    {
        var runes = alphabet.EnumerateRunes().ToArray();
        var period = random.Next(2) == 0 ? length : random.Next(1, 8);
        var pattern = Enumerable.Range(0, period).Select(_ => runes[random.Next(runes.Length)]).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < length; i++) text.Append(pattern[i % period].ToString());
        return text.ToString();
    }
}
