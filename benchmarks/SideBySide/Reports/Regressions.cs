using System.Globalization;
using AiGateway.SideBySide.Measuring;

namespace AiGateway.SideBySide.Reports;

/// <summary>
/// Compares the ratios of a run with the committed table. A ratio is worse if it is more than 10 % worse, and if the difference is more
/// than the noise of the metric.
/// </summary>
internal static class Regressions
{
    private const double Tolerance = 0.10;

    /// <summary>A line for each ratio that is worse.</summary>
    public static IEnumerable<string> Find(Table table, CommittedTable committed) =>
        from candidate in table.Compared
        where committed.Targets.ContainsKey(candidate.Name)
        from metric in Metrics.All
        let then = committed.Targets[candidate.Name].GetValueOrDefault(metric.Name)?.Ratio
        let now = table.Ratio(candidate, metric)
        let yarp = table.Value(table.Yarp, metric.RatioTo ?? metric)
        where then is not null && now is not null && yarp is not null && IsWorse(metric, then.Value, now.Value, yarp.Value)
        select string.Create(CultureInfo.InvariantCulture, $"{candidate.Name}, {metric.Name}: {now:0.00} times YARP, committed {then:0.00}");

    /// <summary>Whether a ratio is worse than the committed one.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="then">The committed ratio.</param>
    /// <param name="now">The ratio of this run.</param>
    /// <param name="yarp">YARP's figure of this run.</param>
    public static bool IsWorse(Metric metric, double then, double now, double yarp) => metric.IsMoreBetter
        ? now < then * (1 - Tolerance) && (then - now) * yarp > metric.Noise
        : now > then * (1 + Tolerance) && (now - then) * yarp > metric.Noise;
}
