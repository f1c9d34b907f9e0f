using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AiGateway.Api.Reports;

/// <summary>
/// Lines of CSV as in RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe in front, because names
/// come from callers.
/// </summary>
internal static partial class CsvText
{
    private const string LineEnd = "\r\n";

    /// <summary>One line.</summary>
    /// <param name="line">Where it goes.</param>
    /// <param name="cells">Texts, numbers, times, flags, or null for an empty cell.</param>
    public static void AppendLine(StringBuilder line, IEnumerable<object?> cells)
    {
        var isFirst = true;
        foreach (var cell in cells)
        {
            if (!isFirst) line.Append(',');
            isFirst = false;
            AppendCell(line, ToText(cell));
        }

        line.Append(LineEnd);
    }

    private static void AppendCell(StringBuilder line, string text)
    {
        var guarded = MayBeFormula(text) ? $"'{text}" : text;
        if (guarded.AsSpan().IndexOfAny(",\"\r\n") < 0) line.Append(guarded);
        else line.Append('"').Append(guarded.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    private static bool MayBeFormula(string text) =>
        text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' && !PlainNumber().IsMatch(text);

    private static string ToText(object? cell) => cell switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        decimal amount => amount.ToString("0.#########", CultureInfo.InvariantCulture),
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "",
    };

    [GeneratedRegex(@"\A[+-]?[0-9]+(\.[0-9]+)?\z")]
    private static partial Regex PlainNumber();
}
