using AiGateway.Testing;

namespace AiGateway.Api.Tests.Telemetry;

/// <summary>The dashboard and the alert rules ask only for metrics that docs/telemetry.md has.</summary>
internal sealed class ObservabilityFileTests
{
    private static readonly string[] Suffixes = ["_bucket", "_sum", "_count"];

    [Test]
    public void Queries_AskForDocumentedMetricsAlone()
    {
        string[] queries = [.. TelemetryDocument.DashboardQueries(), .. TelemetryDocument.AlertExpressions()];

        Assert.That(queries, Has.Length.GreaterThan(30));
        Assert.That(queries.Where(query => query != "up{job=\"aigateway\"}").Where(query => !TelemetryDocument.MetricsIn(query).Any()), Is.Empty, "queries without a metric");
        Assert.That(queries.SelectMany(TelemetryDocument.MetricsIn).Where(name => !IsDocumented(name)), Is.Empty);
    }

    [Test]
    public void EveryMetricOfTheGateway_IsInAQuery()
    {
        var used = TelemetryDocument.DashboardQueries().SelectMany(TelemetryDocument.MetricsIn).Select(WithoutSuffix).ToHashSet();

        Assert.That(TelemetryDocument.Metrics().Where(metric => metric.IsOfTheGateway).Select(metric => metric.Prometheus).Except(used), Is.Empty);
    }

    [Test]
    public void Attributes_OfTheDocument_AreExplained()
    {
        var document = Repository.Read("docs/telemetry.md");
        var named = TelemetryDocument.Metrics().SelectMany(metric => metric.Attributes.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct();

        Assert.That(named.Where(name => !document.Contains($"| `{name}` |", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("sum by (aigateway_limit) (rate(aigateway_refusals_total{aigateway_scope_kind=\"team\"}[1m]))", "aigateway_refusals_total")]
    [TestCase("aigateway_holds / dotnet_wrong", "aigateway_holds dotnet_wrong")]
    public void Rule_ForAQuery_NamesItsMetrics(string query, string names) =>
        Assert.That(string.Join(' ', TelemetryDocument.MetricsIn(query)), Is.EqualTo(names));

    private static bool IsDocumented(string name) =>
        TelemetryDocument.Metrics().Any(metric => metric.Prometheus == name || Suffixes.Any(suffix => metric.Prometheus + suffix == name));

    private static string WithoutSuffix(string name)
    {
        var suffix = Suffixes.FirstOrDefault(each => name.EndsWith(each, StringComparison.Ordinal));
        return suffix is null ? name : name[..^suffix.Length];
    }
}
