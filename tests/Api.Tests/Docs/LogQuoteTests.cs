using System.Text.RegularExpressions;
using AiGateway.Api.Tests.Architecture;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Docs;

/// <summary>The gateway writes the log lines that docs/operations.md quotes. A word in capitals stands for a value.</summary>
internal sealed partial class LogQuoteTests
{
    private static readonly string[] WordsOfSqlite =
        ["database or disk is full", "unable to open database file", "no such table", "attempt to write a readonly database"];

    private static readonly string Sources = Concatenation().Replace(string.Join('\n', Product.Sources("src").Select(file => file.Text)), "");

    [Test]
    public void Quotes_AreWhatTheGatewayWrites()
    {
        var quotes = Quotes(Repository.Read("docs/operations.md")).Except(WordsOfSqlite).ToArray();

        Assert.That(quotes, Has.Length.GreaterThan(15));
        Assert.That(quotes.Where(quote => !IsWritten(quote)), Is.Empty);
    }

    [TestCase("Settlement of ID waits for the database", true)]
    [TestCase("Settlement of ID waits for a database", false)]
    [TestCase("Request ID cost N nano-USD, more than the M nano-USD held for it", true)]
    public void Rule_ForAQuote_SaysWhetherItIsWritten(string quote, bool isWritten) => Assert.That(IsWritten(quote), Is.EqualTo(isWritten));

    private static IEnumerable<string> Quotes(string document) => document.Split('\n')
        .SkipWhile(line => line != "## When something goes wrong")
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .SelectMany(line => Code().Matches(line.Split('|')[2]).Select(match => match.Groups["words"].Value))
        .Where(words => words.Count(character => character == ' ') >= 2);

    private static bool IsWritten(string quote) =>
        Regex.IsMatch(Sources, string.Join(@"\{[^}""]+\}", Value().Split(quote).Select(Regex.Escape)));

    [GeneratedRegex("`(?<words>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<!-)\b(?!A\b)[A-Z]+\b")]
    private static partial Regex Value();

    // Matches the joints of texts that are concatenated over several lines.
    [GeneratedRegex("""
        "\s*\+\s*\$?"
        """)]
    private static partial Regex Concatenation();
}
