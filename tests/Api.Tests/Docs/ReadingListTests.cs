using System.Text.RegularExpressions;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Docs;

/// <summary>The files that the README tells newcomers to read exist, and take about an hour to read.</summary>
internal sealed partial class ReadingListTests
{
    private const int MaxLines = 1500;

    [Test]
    public void ReadingList_NamesFilesThatExist_WithinTheLineLimit()
    {
        var files = Entry().Matches(Repository.Read("README.md")).Select(entry => entry.Groups["path"].Value).ToArray();

        Assert.That(files, Has.Length.GreaterThan(10));
        Assert.That(files.Sum(path => Repository.Read(path).AsSpan().Count('\n')), Is.InRange(MaxLines - 250, MaxLines), "the README says about 1,500");
    }

    [GeneratedRegex(@"^\d+\. \[(?<path>[^\]]+)\]\(\k<path>\)$", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
