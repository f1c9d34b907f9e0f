using System.Text.RegularExpressions;
using AiGateway.Application.Tests.Translation.Samples;
using AiGateway.Application.Translation;

namespace AiGateway.Application.Tests.Translation;

/// <summary>docs/translation.md names the members that the code maps, leaves out and refuses, and no others.</summary>
public sealed partial class TranslationDocumentTests
{
    private static readonly string[] Chapters = Read().Split("\n## ");

    [Test]
    public void Chapter_OfChatCompletions_SaysWhatTheCodeDoes() => Compare("Chat completion to Anthropic's wire", MemberRules.OfChat);

    [Test]
    public void Chapter_OfAnthropicsWire_SaysWhatTheCodeDoes() => Compare("Anthropic's wire to chat completion", MemberRules.OfMessages);

    private static void Compare(string chapter, MemberRules rules)
    {
        var lines = Chapters.Single(each => each.StartsWith(chapter, StringComparison.Ordinal)).Split('\n');

        Assert.That(FirstCells(lines, "| member |"), Is.EquivalentTo(rules.Mapped));
        Assert.That(FirstCells(lines, "| refused |"), Is.EquivalentTo(rules.Refused));
        var leftOut = lines.Single(line => line.StartsWith("Left out: ", StringComparison.Ordinal));
        Assert.That(Names(leftOut.Split(". ")[0]), Is.EquivalentTo(rules.Ignored));
    }

    private static IEnumerable<string> FirstCells(string[] lines, string head) => lines
        .SkipWhile(line => !line.StartsWith(head, StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
        .SelectMany(line => Names(line.Split('|')[1]));

    private static IEnumerable<string> Names(string text) => Quoted().Matches(text).Select(match => match.Groups[1].Value);

    private static string Read() => File.ReadAllText(Path.Combine(Wires.Repository, "docs", "translation.md"));

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Quoted();
}
