using AiGateway.SideBySide.Reports;
using AiGateway.Testing;

namespace AiGateway.SideBySide.Tests;

/// <summary>The parts of the report that runs replace.</summary>
internal sealed class DocumentTests
{
    [Test]
    public void Replace_OfAPart_KeepsAllOtherText()
    {
        const string Before = "# Title\n\n<!-- a: start -->\n\nold\n\n<!-- a: end -->\n\n<!-- b: start -->\nkept\n<!-- b: end -->\n";

        Assert.That(
            Document.Replace(Before, "a", "new\n"),
            Is.EqualTo("# Title\n\n<!-- a: start -->\n\nnew\n\n<!-- a: end -->\n\n<!-- b: start -->\nkept\n<!-- b: end -->\n"));
    }

    [Test]
    public void Replace_WithoutTheMarkers_Fails() =>
        Assert.That(() => Document.Replace("# Title\n", "a", "new"), Throws.InvalidOperationException.With.Message.Contains("\"a\""));

    [TestCase("comparison")]
    [TestCase("scale")]
    [TestCase("memory over time")]
    public void Report_HasTheMarkersOfEachPart(string part) =>
        Assert.That(Document.Replace(Repository.Read("docs/performance.md"), part, "new figures"), Does.Contain("new figures"));
}
