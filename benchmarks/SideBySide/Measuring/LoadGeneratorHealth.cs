using System.Globalization;

namespace AiGateway.SideBySide.Measuring;

/// <summary>Whether the load generator and the machine were quick enough for the open loop to mean anything.</summary>
internal sealed class LoadGeneratorHealth
{
    /// <summary>The longest acceptable 99th percentile of the delay of a send after its scheduled time.</summary>
    private const double MostDelayMilliseconds = 1;

    /// <summary>The longest acceptable 99th percentile of the direct call.</summary>
    private const double MostDirectMilliseconds = 3;

    private readonly List<double> _delays = [];

    /// <summary>Adds the 99th percentile of the delays of one open loop, in milliseconds.</summary>
    public void Add(double delay) => _delays.Add(delay);

    /// <summary>Says whether the figures of the open loop are sound.</summary>
    /// <param name="direct">The samples of the direct call.</param>
    public (bool IsSound, string Text) Judge(Samples direct)
    {
        var delay = Statistics.Median(_delays);
        double[] p99 = [.. new[] { Metrics.Slow, Metrics.Fast }.Select(each => Statistics.Median(direct.Of(each.P99)))];
        var isSound = delay <= MostDelayMilliseconds && p99.Max() <= MostDirectMilliseconds;
        var measured = string.Create(CultureInfo.InvariantCulture,
            $"99 % of the requests were sent within {delay:0.00} ms of their scheduled time. The direct call's p99 was {p99[0]:0.00} ms at {Metrics.Slow.PerSecond}/s and {p99[1]:0.00} ms at {Metrics.Fast.PerSecond}/s.");
        var bounds = string.Create(CultureInfo.InvariantCulture, $"{MostDelayMilliseconds} and {MostDirectMilliseconds} ms");
        return (isSound, isSound
            ? $"{measured} Both are within their bounds of {bounds}: the load generator was not the bottleneck."
            : $"{measured} **The bounds are {bounds}: the machine was busy, and the open loop's figures are not reliable.** Repeat the run on a quiet machine.");
    }
}
