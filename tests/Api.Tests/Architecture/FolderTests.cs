using System.Text.RegularExpressions;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>
/// Folders stay small and depend on one another in one direction only. A folder and its subfolders count as one, because the outer folder
/// composes the inner ones.
/// </summary>
public sealed partial class FolderTests
{
    private const int MaxFiles = 16;

    [Test]
    public void Folders_HoldAtMost16Files() => Assert.That(TooWide(Product.Sources("src", "tests", "benchmarks")), Is.Empty);

    [TestCase(16, false)]
    [TestCase(17, true)]
    public void Rule_ForAFolderWithTooManyFiles_NamesIt(int files, bool isTooWide) => Assert.That(
        TooWide(Enumerable.Range(0, files).Select(each => new SourceFile($"src/Api/Wide/File{each}.cs", ""))),
        Is.EqualTo(isTooWide ? [$"src/Api/Wide: {files}"] : Array.Empty<string>()));

    [Test]
    public void Folders_OfTheSource_DependInOneDirection()
    {
        var graph = ToGraph(Product.Sources("src"));

        Assert.That(graph, Has.Count.GreaterThan(30));
        Assert.That(graph.Keys.Where(folder => IsInACycle(graph, folder)), Is.Empty);
    }

    [Test]
    public void Rule_ForACycleOfThreeFolders_NamesThem()
    {
        var graph = ToGraph([Uses("A", "B"), Uses("B", "C"), Uses("C", "A"), Uses("D", "A"), Uses("A.Inner", "A")]);

        Assert.That(graph.Keys.Where(folder => IsInACycle(graph, folder)), Is.EquivalentTo(["AiGateway.A", "AiGateway.B", "AiGateway.C"]));
    }

    private static SourceFile Uses(string from, string to) =>
        new($"src/{from}.cs", $"using AiGateway.{to};\n\nnamespace AiGateway.{from};\n");

    private static IEnumerable<string> TooWide(IEnumerable<SourceFile> files) =>
        from file in files
        group file by file.Path[..file.Path.LastIndexOf('/')] into folder
        where folder.Count() > MaxFiles
        select $"{folder.Key}: {folder.Count()}";

    // Unneeded using directives do not compile. The directives of a folder are therefore its dependencies.
    private static Dictionary<string, HashSet<string>> ToGraph(IEnumerable<SourceFile> files)
    {
        var graph = new Dictionary<string, HashSet<string>>();
        foreach (var file in files)
        {
            if (Namespace().Match(file.Text) is not { Success: true } own) continue;
            var from = own.Groups[1].Value;
            if (!graph.TryGetValue(from, out var used)) graph[from] = used = [];
            used.UnionWith(Directive().Matches(file.Text).Select(match => match.Groups[1].Value).Where(to => !AreOne(from, to)));
        }

        return graph;
    }

    private static bool AreOne(string one, string other) =>
        $"{one}.".StartsWith($"{other}.", StringComparison.Ordinal) || $"{other}.".StartsWith($"{one}.", StringComparison.Ordinal);

    private static bool IsInACycle(Dictionary<string, HashSet<string>> graph, string folder)
    {
        var seen = new HashSet<string>();
        var ahead = new Stack<string>(graph[folder]);
        while (ahead.TryPop(out var next))
        {
            if (next == folder) return true;
            if (!seen.Add(next) || !graph.TryGetValue(next, out var used)) continue;
            foreach (var each in used) ahead.Push(each);
        }

        return false;
    }

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (AiGateway[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex Directive();
}
