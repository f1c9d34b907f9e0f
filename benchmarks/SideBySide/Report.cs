using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AiGateway.SideBySide;

/// <summary>Writes the figures as a table. Each figure of the gateway has its ratio to that of YARP.</summary>
internal static class Report
{
    public static string Compose(List<Figures> figures, Soak? soak, Options options)
    {
        var direct = figures[0];
        var text = new StringBuilder();
        text.AppendLine("# Performance beside a bare YARP");
        text.AppendLine();
        text.AppendLine("Written by `dotnet run -c Release --project benchmarks/SideBySide -- --soak 10 --output docs/performance.md`. The gateway runs");
        text.AppendLine("with everything on: key authentication, validation, exact quotas, a durable ledger. Only figures of one run compare with each other.");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Measured on {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}; median of {options.Rounds} interleaved rounds of {options.Requests} plain requests over {options.Connections} connections and {options.Streams} streams of {Upstream.Chunks} chunks, after {options.WarmUpSeconds} s of load each.");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| | {string.Join(" | ", figures.Select((each, i) => i < 2 ? each.Target.Name : $"{each.Target.Name} | / YARP"))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---{string.Concat(figures.Select((_, i) => i < 2 ? "|---" : "|---|---"))}|");
        Row("CPU per request, us", each => each.CpuMicroseconds);
        Row("requests a second", each => each.PerSecond);
        Row("p50, ms", each => each.P50Milliseconds);
        Row("p99, ms", each => each.P99Milliseconds);
        Row("added p50, ms", each => each.P50Milliseconds - direct.P50Milliseconds);
        Row("added p99, ms", each => each.P99Milliseconds - direct.P99Milliseconds);
        Row("CPU per streamed chunk, us", each => each.CpuMicrosecondsPerChunk);
        Row("time to first chunk, ms", each => each.FirstChunkMilliseconds);
        Row("added time to first chunk, ms", each => each.FirstChunkMilliseconds - direct.FirstChunkMilliseconds);
        Row("gap between chunks, ms", each => each.GapMilliseconds);
        Row("added gap between chunks, ms", each => each.GapMilliseconds - direct.GapMilliseconds);
        Row("memory, MiB", each => each.MemoryMiB);
        Row("start-up, ms", each => each.Target.StartUp.TotalMilliseconds);
        text.AppendLine();
        text.AppendLine("CPU is user and kernel time of the target's process, without that of PostgreSQL. The goal is at most 1.5 times YARP's CPU per");
        text.AppendLine("request on SQLite and 1.7 on PostgreSQL, and an added p50 at most twice YARP's. The column \"ledger alone\" is Kestrel, a hold, one call");
        text.AppendLine("of the provider and a settlement, without a key, a route, a check or a count. No gateway with this ledger can do less.");
        if (soak is not null) Append(text, soak, options);
        return text.ToString();

        void Row(string name, Func<Figures, double> figure)
        {
            var yarp = figure(figures[1]);
            var cells = figures.Select((each, i) => i < 2 ? Number(figure(each)) : $"{Number(figure(each))} | {Ratio(figure(each), yarp)}");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", cells)} |");
        }
    }

    private static void Append(StringBuilder text, Soak soak, Options options)
    {
        text.AppendLine();
        text.AppendLine("## Memory over time");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{soak.Target.Name}, resident memory in MiB at equal steps:");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"- {options.SoakMinutes} minutes at full load, {options.Connections} connections, {soak.Requests} requests: {Row(soak.UnderLoad)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"- then {Soak.Streams} streams open at once for a minute: {Row(soak.WithStreams)}");

        static string Row(double[] memory) => string.Join(", ", memory.Select(each => each.ToString("0", CultureInfo.InvariantCulture)));
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    // Within the noise, an added time may be zero or negative. It then has no meaningful ratio.
    private static string Ratio(double gateway, double yarp) =>
        yarp > 0 && gateway > 0 ? (gateway / yarp).ToString("0.00", CultureInfo.InvariantCulture) : "-";
}
