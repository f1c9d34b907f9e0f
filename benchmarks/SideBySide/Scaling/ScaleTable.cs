using System.Globalization;
using System.Text;
using AiGateway.SideBySide.Measuring;
using AiGateway.SideBySide.Reports;

namespace AiGateway.SideBySide.Scaling;

/// <summary>Writes the curves as tables.</summary>
internal static class ScaleTable
{
    private static readonly Metric[] Columns = [Metrics.PerSecond, Metrics.Cpu, Metrics.PostgresCpu, ScaleCurve.Busy, Metrics.P50, Metrics.P99, ScaleCurve.Refused];

    public static string Compose(IReadOnlyList<ScaleCurve> curves, Options options)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Measured on {Machine.Today} with {Machine.Build(options)}, {Machine.Description}. Median of {options.Rounds} interleaved rounds of {options.Requests} plain requests over {options.Connections} connections in all, after {options.WarmUpSeconds} s of load for each point.");
        text.AppendLine();
        text.AppendLine("The load generator, the provider, the gateways and PostgreSQL share the machine. CPU per request is that of all gateways together. Where the");
        text.AppendLine("processor is busy throughout, the machine is the bound; where it is not, requests wait for a commit or for a row that others have locked.");
        text.AppendLine("A gateway with too much to do refuses a request: the last column.");
        foreach (var curve in curves) Append(text, curve);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ScaleCurve curve)
    {
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"### {curve.Title}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| | {string.Join(" | ", Columns.Select((each, i) => i == 0 ? $"{each.Name} | x first row" : each.Name))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|---{string.Concat(Columns.Select(_ => "|---"))}|");
        foreach (var point in curve.Points)
        {
            var cells = Columns.Select((each, i) => i == 0
                ? $"{Cell.Number(Value(point, each))} | {Cell.Ratio(Value(point, each) / Value(curve.Points[0], each))}"
                : Cell.Number(Value(point, each)));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {point.Name} | {string.Join(" | ", cells)} |");
        }
    }

    private static double? Value(ScalePoint point, Metric metric)
    {
        var samples = point.Samples.Of(metric);
        return samples.Count > 0 ? Statistics.Median(samples) : null;
    }
}
