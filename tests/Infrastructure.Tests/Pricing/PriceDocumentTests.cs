using System.Text;
using System.Text.RegularExpressions;
using AiGateway.Infrastructure.Pricing;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Pricing;

/// <summary>docs/prices.md names every member of the price file, and no other.</summary>
public sealed partial class PriceDocumentTests
{
    private const string Entry = "\"model\": \"m\", \"provider\": \"p\", \"contextWindow\": 1, \"maxOutputTokens\": 1";
    private const string Price = "\"effectiveFrom\": \"2026-01-01\", \"inputUsdPerMillion\": \"1\", \"outputUsdPerMillion\": \"1\"";
    private static readonly string Document = Repository.Read("docs/prices.md");

    [TestCase("Members of the file", "{\"models\": [], \"x\": 1}")]
    [TestCase("Members of a model", "{\"models\": [{" + Entry + ", \"prices\": [{" + Price + "}], \"x\": 1}]}")]
    [TestCase("Members of traits", "{\"models\": [{" + Entry + ", \"prices\": [{" + Price + "}], \"traits\": {\"x\": 1}}]}")]
    [TestCase("Members of a price", "{\"models\": [{" + Entry + ", \"prices\": [{" + Price + ", \"x\": 1}]}]}")]
    public void Table_NamesTheMembersOfTheReader(string heading, string fileWithAnUnknownMember)
    {
        var faults = FaultsOf(fileWithAnUnknownMember);
        var known = faults.Single()[(faults[0].IndexOf("known are ", StringComparison.Ordinal) + "known are ".Length)..].Split(", ");
        Assert.That(Section(heading).Select(row => row.Groups["name"].Value), Is.EquivalentTo(known));
    }

    [TestCase("Members of the file", "models")]
    [TestCase("Members of a model", "model", "provider", "contextWindow", "maxOutputTokens", "prices")]
    [TestCase("Members of a price", "effectiveFrom", "inputUsdPerMillion", "outputUsdPerMillion")]
    [TestCase("Members of traits")]
    public void Table_MarksTheRequiredMembers(string heading, params string[] required) =>
        Assert.That(Section(heading).Where(row => row.Groups["required"].Value == "yes").Select(row => row.Groups["name"].Value), Is.EquivalentTo(required));

    [Test]
    public void Example_IsAPriceFile() => Assert.That(FaultsOf(Example().Match(Document).Groups[1].Value), Is.Empty);

    private static List<string> FaultsOf(string json)
    {
        var faults = new List<string>();
        PriceFile.Read(Encoding.UTF8.GetBytes(json), faults);
        return faults;
    }

    private static MatchCollection Section(string heading)
    {
        var start = Document.IndexOf($"## {heading}\n", StringComparison.Ordinal);
        Assert.That(start, Is.GreaterThanOrEqualTo(0), heading);
        var end = Document.IndexOf("\n## ", start, StringComparison.Ordinal);
        return Row().Matches(Document[start..end]);
    }

    [GeneratedRegex(@"^\| `(?<name>\$?\w+)` \| (?<required>yes|no) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
