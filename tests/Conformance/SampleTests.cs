using System.Text.Json;
using AiGateway.Conformance.Tests.Hosting;
using AiGateway.Domain;
using AiGateway.Testing;

namespace AiGateway.Conformance.Tests;

/// <summary>The programs of the folder samples work with a gateway that is started as in production.</summary>
internal sealed class SampleTests
{
    private StandInGateway _stage = null!;
    private DirectoryInfo _folder = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await StandInGateway.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("sample-");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestCase("javascript-fetch")]
    [TestCase("javascript-openai")]
    [TestCase("csharp-openai")]
    [TestCase("csharp-extensions-ai")]
    public async Task Sample_WhenRun_GetsAPlainAndAStreamedReplyThatAreCharged(string name)
    {
        var sample = name switch
        {
            "javascript-fetch" => Sample.Node(name),
            "javascript-openai" => Sample.NodeWithPackages(name, _folder.FullName),
            _ => Sample.DotNet(name),
        };
        var caller = _stage.Gateway with { Key = await _stage.Ledger.CreateKeyAsync([Scopes.Generate]) };

        var output = await sample.RunAsync(caller);

        Assert.That(output, Does.Match(@"(?m)^plain: \S"));
        Assert.That(output, Does.Match(@"(?m)^streamed: \S"));
        using var ledger = new TestLedger(new Uri(caller.BaseUrl, "/"), caller.Key);
        var rows = await ledger.SettledRowsAsync();
        Assert.That(rows.Select(row => (row.Status, row.UsageSource, row.Streamed)), Is.EquivalentTo(new[] { ("settled", "provider", false), ("settled", "provider", true) }));
    }

    [Test]
    public void Folders_OfSamples_AreAllTested()
    {
        var folders = Directory.GetDirectories(Sample.FolderOf("")).Select(Path.GetFileName);

        Assert.That(folders, Is.EquivalentTo(new[] { "javascript-fetch", "javascript-openai", "csharp-openai", "csharp-extensions-ai", PythonSampleTests.Name }));
    }

    [Test]
    public void JavaScriptSample_NamesTheVersionOfTheClientThatIsTested()
    {
        static string? VersionIn(params string[] path) =>
            JsonElement.Parse(File.ReadAllText(Path.Combine([Repository.Root, .. path]))).GetProperty("dependencies").GetProperty("openai").GetString();

        Assert.That(VersionIn("samples", "javascript-openai", "package.json"), Is.EqualTo(VersionIn("tests", "Conformance", "js", "package.json")));
    }
}
