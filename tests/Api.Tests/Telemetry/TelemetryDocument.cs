using System.Text.RegularExpressions;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Telemetry;

/// <summary>A metric of docs/telemetry.md.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Prometheus">Its name in Prometheus, without the suffixes of a histogram.</param>
/// <param name="Unit">Its unit; empty: none.</param>
/// <param name="Attributes">The names of its attributes, separated by spaces, in alphabetical order.</param>
internal sealed record DocumentedMetric(string Name, string Prometheus, string Unit, string Attributes)
{
    public bool IsOfTheGateway => Name.StartsWith("gen_ai.", StringComparison.Ordinal) || Name.StartsWith("aigateway.", StringComparison.Ordinal);
}

/// <summary>The tables of docs/telemetry.md, and the queries of the files in deploy/observability.</summary>
internal static partial class TelemetryDocument
{
    private const string Folder = "deploy/observability";

    public static IReadOnlyList<DocumentedMetric> Metrics() =>
    [
        .. Repository.Read("docs/telemetry.md").Split('\n')
            .SkipWhile(line => !line.StartsWith("| metric | in Prometheus |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => new DocumentedMetric(cells[1].Trim('`'), cells[2].Trim('`'), cells[3].Trim('`'), cells[4].Replace("`", "", StringComparison.Ordinal))),
    ];

    /// <summary>The path of the file with the alert rules.</summary>
    public static string RulesFile => Path.Combine(Repository.Root, Folder, "alerts.yml");

    /// <summary>The queries of the dashboard, with a value for each variable of Grafana.</summary>
    public static IReadOnlyList<string> DashboardQueries() =>
    [
        .. DashboardQuery().Matches(Repository.Read($"{Folder}/grafana-dashboard.json"))
            .Select(match => System.Text.Json.JsonSerializer.Deserialize<string>(match.Groups[1].Value)!)
            .Select(query => query.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal)),
    ];

    /// <summary>The expressions of the alert rules, without their thresholds.</summary>
    public static IReadOnlyList<string> AlertExpressions() =>
        [.. Rule().Matches(File.ReadAllText(RulesFile)).Select(match => Threshold().Replace(match.Groups[1].Value, ""))];

    /// <summary>The names of metrics in a query.</summary>
    public static IEnumerable<string> MetricsIn(string query) =>
        Name().Matches(Selector().Replace(query, "")).Select(match => match.Value).Distinct();

    [GeneratedRegex("""
        "expr": ("(?:\\.|[^"\\])*")
        """)]
    private static partial Regex DashboardQuery();

    [GeneratedRegex(@"^\s+expr: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Rule();

    [GeneratedRegex(@"\s*(==|!=|[<>]=?)\s*[\d.]+\s*$")]
    private static partial Regex Threshold();

    // Labels have names like metrics.
    [GeneratedRegex(@"\{[^}]*\}|\b(by|without)\s*\([^)]*\)")]
    private static partial Regex Selector();

    [GeneratedRegex(@"\b(gen_ai|aigateway|http|kestrel|dotnet|process|db)_\w+")]
    private static partial Regex Name();
}
