namespace AiGateway.Browser.Tests.Hosting;

/// <summary>docs/API.md, whose examples users copy.</summary>
internal static class ApiDocument
{
    private const string Opening = "```js\n";

    /// <summary>The first JavaScript example after a mark, unchanged.</summary>
    public static string ScriptAfter(string mark)
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs", "API.md"));
        var section = text[IndexOf(text, mark)..];
        var script = section[(IndexOf(section, Opening) + Opening.Length)..];
        return script[..IndexOf(script, "```")];
    }

    private static int IndexOf(string text, string part)
    {
        var at = text.IndexOf(part, StringComparison.Ordinal);
        return at >= 0 ? at : throw new InvalidOperationException($"docs/API.md lacks {part.Trim()} where it is expected.");
    }

    private static string Root()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "AiGateway.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
