using System.Globalization;
using System.Text;
using AiGateway.SideBySide.Measuring;
using AiGateway.SideBySide.Targets;

namespace AiGateway.SideBySide.Reports;

/// <summary>Writes the figures as a table. Each figure of the gateway has its ratio to that of YARP.</summary>
internal static class MainTable
{
    public static string Compose(Table table, string health, Options options)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Measured on {Machine.Today} with {Machine.Build(options)}, {Machine.Description}.");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"- **Warm-up**: {options.WarmUpSeconds} s of full load for each process before the first round. A cold start has none.");
        text.AppendLine(CultureInfo.InvariantCulture, $"- **Rounds**: median of {options.Rounds} interleaved rounds. A ratio is the median of the rounds' ratios.");
        text.AppendLine(CultureInfo.InvariantCulture, $"- **Full load**: {options.Requests} plain requests over {options.Connections} connections. Streams: {options.Streams} of {Upstream.Chunks} chunks, {Rounds.StreamsAtOnce} at once.");
        text.AppendLine(CultureInfo.InvariantCulture, $"- **Open loop**: {options.OpenLoopSeconds} s at each rate. A latency counts from the scheduled time of the request. {health}");
        text.AppendLine(CultureInfo.InvariantCulture, $"- **Cold start**: median of {options.Starts}, with an existing database and the program in the file cache.");
        text.AppendLine(CultureInfo.InvariantCulture, $"- **Memory**: largest resident memory in {options.MemorySeconds} s of full load beside {Memory.StreamsUnderLoad} open streams. {Memory.ManyStreams} open streams are measured in a process without other load.");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| | {string.Concat(table.Candidates.Select(each => table.Compared.Contains(each) ? $"{each.Name} | / YARP | " : $"{each.Name} | "))}goal |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---{string.Concat(table.Candidates.Select(each => table.Compared.Contains(each) ? "|---|---" : "|---"))}|---|");
        foreach (var metric in Metrics.All) text.AppendLine(Row(table, metric));
        text.AppendLine();
        text.AppendLine("\"Added\" is the time over a direct call to the provider in the same round. CPU is user and kernel time. That of PostgreSQL is the sum of");
        text.AppendLine("its processes, and its ratio is to YARP's CPU per request.");
        if (table.Candidates.Any(each => each.Name.StartsWith("ledger alone", StringComparison.Ordinal)))
        {
            text.AppendLine("The column \"ledger alone\" is Kestrel, a hold, one call of the provider and a settlement, without a key, a route, a check or a count.");
            text.AppendLine("No gateway with this ledger can do less.");
        }

        return text.ToString();
    }

    /// <summary>The resident memory during the soak.</summary>
    public static string Compose(Soak soak, Options options)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{soak.Name} with {Machine.Build(options)}, {Machine.Today}, resident memory in MiB at equal steps:");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"- {options.SoakMinutes} minutes at full load, {options.Connections} connections, {soak.Requests} requests: {Row(soak.UnderLoad)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"- then {Memory.ManyStreams} streams open at once for a minute: {Row(soak.WithStreams)}");
        return text.ToString();

        static string Row(double[] memory) => string.Join(", ", memory.Select(each => each.ToString("0", CultureInfo.InvariantCulture)));
    }

    private static string Row(Table table, Metric metric)
    {
        var cells = table.Candidates.Select(each => table.Compared.Contains(each)
            ? $"{Cell.Number(table.Value(each, metric))} | {Cell.Ratio(table.Ratio(each, metric))}"
            : Cell.Number(table.Value(each, metric)));
        return $"| {metric.Name} | {string.Join(" | ", cells)} | {metric.Goal} |";
    }
}
