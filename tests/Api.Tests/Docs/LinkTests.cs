using System.Text.RegularExpressions;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Docs;

/// <summary>Links between the documents lead to existing files and headings.</summary>
internal sealed partial class LinkTests
{
    private static readonly string[] Documents =
    [
        .. Directory.GetFiles(Repository.Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat([Path.Combine(Repository.Root, "samples", "README.md")]),
    ];

    [Test]
    public void Links_LeadToFilesAndHeadings()
    {
        Assert.That(Documents, Has.Length.GreaterThan(10));
        Assert.That(Documents.SelectMany(document => Broken(document, File.ReadAllText(document))), Is.Empty);
    }

    [TestCase("[there](README.md)", true)]
    [TestCase("[there](docs/API.md#the-price-file)", true)]
    [TestCase("[outside](https://example.com/x)", true)]
    [TestCase("[gone](docs/gone.md)", false)]
    [TestCase("[gone](docs/API.md#no-such-heading)", false)]
    public void Rule_ForALink_SaysWhetherItsTargetExists(string text, bool isGood) =>
        Assert.That(Broken(Path.Combine(Repository.Root, "x.md"), text).Any(), Is.Not.EqualTo(isGood));

    [Test]
    public void Index_NamesEveryDocumentAndDecision()
    {
        var index = Repository.Read("docs/index.md");
        var folder = Path.Combine(Repository.Root, "docs");
        var files = Directory.GetFiles(folder, "*.md", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'));

        Assert.That(files.Where(file => file != "index.md" && !index.Contains($"({file})", StringComparison.Ordinal)), Is.Empty);
    }

    private static IEnumerable<string> Broken(string document, string text) =>
        from link in Link().Matches(text)
        let target = link.Groups["target"].Value
        where !target.Contains("://", StringComparison.Ordinal) && !LeadsSomewhere(document, target)
        select $"{Path.GetRelativePath(Repository.Root, document)}: {target}";

    private static bool LeadsSomewhere(string document, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, parts[0]);
        if (parts.Length == 1) return File.Exists(path) || Directory.Exists(path);
        return File.Exists(path) && Heading().Matches(File.ReadAllText(path)).Any(heading => AnchorOf(heading.Groups["text"].Value) == parts[1]);
    }

    // The anchor that GitHub makes of a heading.
    private static string AnchorOf(string heading) => NotInAnchor().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
