using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AiGateway.SideBySide;

/// <summary>The figures as a table, each beside its ratio to YARP's.</summary>
internal static class Report
{
    public static string Compose(Figures[] figures, Options options)
    {
        var (direct, yarp, gateway) = (figures[0], figures[1], figures[2]);
        var text = new StringBuilder();
        text.AppendLine("# Performance beside a bare YARP");
        text.AppendLine();
        text.AppendLine("Written by `dotnet run -c Release --project benchmarks/SideBySide -- --output docs/performance.md`. The gateway runs with");
        text.AppendLine("everything on: key authentication, validation, exact quotas, durable books in SQLite. Only figures of one run compare.");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Measured on {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}; median of {options.Rounds} interleaved rounds of {options.Requests} plain requests over {options.Connections} connections and {options.Streams} streams of {Upstream.Chunks} chunks.");
        text.AppendLine();
        text.AppendLine("| | provider itself | YARP | AiGateway | AiGateway / YARP |");
        text.AppendLine("|---|---|---|---|---|");
        Row(text, "CPU per request, us", each => each.CpuMicroseconds, direct, yarp, gateway);
        Row(text, "requests a second", each => each.PerSecond, direct, yarp, gateway);
        Row(text, "p50, ms", each => each.P50Milliseconds, direct, yarp, gateway);
        Row(text, "p99, ms", each => each.P99Milliseconds, direct, yarp, gateway);
        Row(text, "added p50, ms", each => each.P50Milliseconds - direct.P50Milliseconds, direct, yarp, gateway);
        Row(text, "added p99, ms", each => each.P99Milliseconds - direct.P99Milliseconds, direct, yarp, gateway);
        Row(text, "CPU per streamed chunk, us", each => each.CpuMicrosecondsPerChunk, direct, yarp, gateway);
        Row(text, "time to first chunk, ms", each => each.FirstChunkMilliseconds, direct, yarp, gateway);
        Row(text, "added time to first chunk, ms", each => each.FirstChunkMilliseconds - direct.FirstChunkMilliseconds, direct, yarp, gateway);
        Row(text, "gap between chunks, ms", each => each.GapMilliseconds, direct, yarp, gateway);
        Row(text, "added gap between chunks, ms", each => each.GapMilliseconds - direct.GapMilliseconds, direct, yarp, gateway);
        Row(text, "memory, MiB", each => each.Target.MemoryMiB, direct, yarp, gateway);
        Row(text, "start-up, ms", each => each.Target.StartUp.TotalMilliseconds, direct, yarp, gateway);
        text.AppendLine();
        text.AppendLine("The goal is at most 1.5 times YARP's CPU per request on SQLite, and an added p50 at most twice YARP's.");
        return text.ToString();
    }

    private static void Row(StringBuilder text, string name, Func<Figures, double> figure, Figures direct, Figures yarp, Figures gateway)
    {
        // An added time within the noise can come out at or below zero: then there is no ratio to speak of.
        var ratio = figure(yarp) > 0 && figure(gateway) > 0 ? (figure(gateway) / figure(yarp)).ToString("0.00", CultureInfo.InvariantCulture) : "-";
        text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {figure(direct):0.###} | {figure(yarp):0.###} | {figure(gateway):0.###} | {ratio} |");
    }
}
