using System.Text.RegularExpressions;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>
/// Texts use the terms of the field: ledger and usage records, API, request id, command, capacity, most expensive, expired.
/// </summary>
public sealed partial class WordTests
{
    [Test]
    public void Sources_InTextsAndComments_UseNoBannedWord()
    {
        var files = Product.Sources("src").ToArray();

        Assert.That(files, Has.Length.GreaterThan(100));
        Assert.That(files.SelectMany(file => BannedIn(file with { Text = Texts(file.Text) })), Is.Empty);
    }

    [Test]
    public void Comments_OfTestsAndBenchmarks_UseNoBannedWord()
    {
        var files = Product.Sources("tests", "benchmarks").ToArray();

        Assert.That(files, Has.Length.GreaterThan(100));
        Assert.That(files.SelectMany(file => BannedIn(file with { Text = Comments(file.Text) })), Is.Empty);
    }

    [TestCase(".env.example")]
    [TestCase("README.md")]
    [TestCase("docs/*.md")]
    public void Documents_UseNoBannedWord(string pattern)
    {
        var files = Product.Documents(pattern).ToArray();

        Assert.That(files, Is.Not.Empty);
        Assert.That(files.SelectMany(BannedIn), Is.Empty);
    }

    [TestCase("throw new IOException(\"The books cannot be written.\");", "books")]
    [TestCase("throw new IOException($\"Wait for {string.Join(\", \", names)}: no Room.\");", "Room")]
    [TestCase("var quote = '\"'; var text = \"a ticket\";", "ticket")]
    [TestCase("var text = @\"a \"\"door\"\" here\";", "door")]
    [TestCase("var sql = \"\"\"\nUPDATE a SET b = 1 FROM endings\n\"\"\";", "endings")]
    [TestCase("/// <summary>The ending of a request.</summary>", "ending")]
    [TestCase("/// <summary>The column <c>modelAsked</c>.</summary>", "modelAsked")]
    [TestCase("x(); // The request leaves the house.", "leaves the house")]
    [TestCase("/// <summary>It waits, so that\n/// nothing is lost.</summary>", "so that nothing")]
    public void Rule_ForABannedWord_NamesIt(string source, string word) =>
        Assert.That(BannedIn(new("src/Wrong.cs", Texts(source))), Is.EqualTo([$"src/Wrong.cs: {word}"]));

    [TestCase("public void Apply(ILedgerConnection books) => books.End(endings);")]
    [TestCase("/// <summary>A list, each ending with a line feed.</summary>")]
    [TestCase("var text = \"bookshop, doorway, household, roomy, ticketed, amend\";")]
    public void Rule_ForOtherWordsAndIdentifiers_NamesNothing(string source) =>
        Assert.That(BannedIn(new("src/Right.cs", Texts(source))), Is.Empty);

    private static string Texts(string source) =>
        string.Join('\n', Text().Matches(source).Where(match => match.Value[0] != '\'').Select(match => match.Value));

    private static string Comments(string source) =>
        string.Join('\n', Text().Matches(source).Select(match => match.Value).Where(text => text.StartsWith("//", StringComparison.Ordinal)));

    private static IEnumerable<string> BannedIn(SourceFile file) =>
        Banned().Matches(LineStart().Replace(file.Text, " ")).Select(match => $"{file.Path}: {match.Value}").Distinct();

    // A phrase may continue on the next line of a comment or a document.
    [GeneratedRegex(@"\s*\n\s*(///?)?\s*")]
    private static partial Regex LineStart();

    // Matches comments and literals. Character literals are matched, because a quote in one begins no string.
    [GeneratedRegex(""""
        //[^\n]*|"""[\s\S]*?"""|@"(""|[^"])*"|"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])+'
        """")]
    private static partial Regex Text();

    [GeneratedRegex(
        @"\b(books|doors?|house|rooms?|tickets?|chores?|mends?|spoilt|dearer|dearest|anew|abandoned|modelAsked|leaves the house"
        + @"|so that nothing|endings|(?<=\b(an?|the|this|that|its|their|every|no|one|of) )ending)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Banned();
}
