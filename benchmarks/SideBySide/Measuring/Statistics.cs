namespace AiGateway.SideBySide.Measuring;

/// <summary>Percentiles.</summary>
internal static class Statistics
{
    public static double Median(IEnumerable<double> values) => Percentile(values, 0.50);

    /// <summary>The value below which this share of the values lies.</summary>
    /// <param name="values">At least one value.</param>
    /// <param name="share">From 0 to 1.</param>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
