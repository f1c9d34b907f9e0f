using AiGateway.Testing;

namespace AiGateway.SideBySide.Reports;

/// <summary>The written report. A run replaces the text between the markers of its part and keeps everything else.</summary>
internal static class Document
{
    private const string File = "docs/performance.md";

    /// <summary>Replaces a part.</summary>
    /// <param name="part">Its name in the markers.</param>
    /// <param name="text">The new text.</param>
    public static void Write(string part, string text) =>
        System.IO.File.WriteAllText(Path.Combine(Repository.Root, File), Replace(Repository.Read(File), part, text));

    /// <summary>Returns a document with the new text in place of that between the markers of the part.</summary>
    public static string Replace(string document, string part, string text)
    {
        var (start, end) = ($"<!-- {part}: start -->\n", $"<!-- {part}: end -->");
        var (from, to) = (document.IndexOf(start, StringComparison.Ordinal), document.IndexOf(end, StringComparison.Ordinal));
        if (from < 0 || to < from) throw new InvalidOperationException($"{File} has no markers for the part \"{part}\". Restore them, and run again.");
        return $"{document[..(from + start.Length)]}\n{text.Trim()}\n\n{document[to..]}";
    }
}
