using System.Text.Encodings.Web;
using System.Text.Json;
using AiGateway.SideBySide.Measuring;
using AiGateway.Testing;

namespace AiGateway.SideBySide.Reports;

/// <summary>The table of the last run that was committed, for <c>--check</c>.</summary>
/// <param name="Measured">The day.</param>
/// <param name="Commit">The commit of the build.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Targets">The figures by the name of the target and that of the metric.</param>
internal sealed record CommittedTable(
    string Measured, string Commit, string Machine, SortedDictionary<string, Dictionary<string, CommittedFigure>> Targets)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string File => Path.Combine(Repository.Root, "benchmarks", "SideBySide", "committed.json");

    public static CommittedTable Of(Table table)
    {
        var targets = new SortedDictionary<string, Dictionary<string, CommittedFigure>>(StringComparer.Ordinal);
        foreach (var candidate in table.Candidates)
        {
            var figures = targets[candidate.Name] = [];
            foreach (var metric in Metrics.All)
            {
                if (table.Value(candidate, metric) is not { } value) continue;
                var ratio = table.Compared.Contains(candidate) ? table.Ratio(candidate, metric) : null;
                figures[metric.Name] = new CommittedFigure(Math.Round(value, 3), ratio is { } number ? Math.Round(number, 3) : null);
            }
        }

        return new CommittedTable(Reports.Machine.Today, Reports.Machine.Commit, Reports.Machine.Description, targets);
    }

    /// <summary>The committed table; null if none is.</summary>
    public static CommittedTable? Read() =>
        System.IO.File.Exists(File) ? JsonSerializer.Deserialize<CommittedTable>(System.IO.File.ReadAllText(File), Json) : null;

    public void Write() => System.IO.File.WriteAllText(File, JsonSerializer.Serialize(this, Json) + "\n");
}

/// <summary>A cell of the committed table.</summary>
/// <param name="Value">The figure in the unit of its metric.</param>
/// <param name="Ratio">The ratio to YARP; null for none.</param>
internal sealed record CommittedFigure(double Value, double? Ratio);
