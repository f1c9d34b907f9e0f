using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AiGateway.FaultInjection.Invariants;

namespace AiGateway.FaultInjection;

/// <summary>Writes the verdicts as a table.</summary>
internal static class Report
{
    public static string Compose(IReadOnlyList<Verdict> verdicts, TimeSpan length)
    {
        var text = new StringBuilder();
        text.AppendLine("# Fault injection");
        text.AppendLine();
        text.AppendLine("Written by `dotnet run -c Release --project benchmarks/FaultInjection -- --minutes N --output docs/fault-injection.md`: real gateway processes,");
        text.AppendLine("a real PostgreSQL, and a provider that keeps its own log of what it served. A *violation* is an invariant that did not hold,");
        text.AppendLine("checked in committed states throughout and at the end. A request is *lost* when the provider saw it, or its sender got the");
        text.AppendLine("answer, and it is not charged. A *double charge* is a request that was forwarded or charged twice.");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Run on {TimeProvider.System.GetUtcNow():yyyy-MM-dd} for {length.TotalMinutes:0.#} minutes, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}.");
        text.AppendLine();
        text.AppendLine("The same suite in a short form is among the tests (`tests/FaultInjection`), without the attack.");
        text.AppendLine();
        text.AppendLine("| scenario | load | faults | invariant violations | requests lost | double charges |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach (var each in verdicts)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {each.Scenario} | {each.Load} | {each.Faults} | {each.Violations.Count} | {each.Lost.Count} | {each.ChargedTwice.Count} |");
        }

        return text.ToString();
    }
}
