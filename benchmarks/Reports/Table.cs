using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AiGateway.Reports;

/// <summary>Writes the figures of all engines side by side.</summary>
internal static class Table
{
    public static string Compose(IReadOnlyList<Column> columns, Options options)
    {
        var text = new StringBuilder();
        text.AppendLine("# Reports with millions of records");
        text.AppendLine();
        text.AppendLine("Written by `dotnet run -c Release --project benchmarks/Reports -- --output docs/reports-at-scale.md`, which fills fresh databases");
        text.AppendLine(CultureInfo.InvariantCulture, $"with {options.Rows:N0} usage records of a year, {Year.Users} users and {Year.Users * Year.KeysAUser:N0} keys, and times what the gateway does with them: the median of three");
        text.AppendLine("runs after one warm-up, with the file or the tables in memory.");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Measured on {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}; milliseconds.");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| | {string.Join(" | ", columns.Select(column => column.Engine))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(columns.Select(_ => "---|"))}");
        for (var i = 0; i < columns[0].Figures.Count; i++)
        {
            var cells = columns.Select(column => column.Figures[i].Milliseconds.ToString(column.Figures[i].Milliseconds < 10 ? "0.00" : "0", CultureInfo.InvariantCulture));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {columns[0].Figures[i].What} | {string.Join(" | ", cells)} |");
        }

        return text.ToString();
    }
}
