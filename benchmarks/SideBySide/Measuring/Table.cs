namespace AiGateway.SideBySide.Measuring;

/// <summary>The figures of all candidates: medians over the rounds, and ratios to YARP.</summary>
/// <param name="candidates">The direct call first, then YARP, then the others.</param>
internal sealed class Table(IReadOnlyList<Candidate> candidates)
{
    public Candidate Direct { get; } = candidates[0];

    public Candidate Yarp { get; } = candidates[1];

    /// <summary>The columns.</summary>
    public IReadOnlyList<Candidate> Candidates { get; } = candidates;

    /// <summary>The columns with a ratio.</summary>
    public IEnumerable<Candidate> Compared => Candidates.Skip(2);

    /// <summary>The median over the rounds; null if the metric was not measured.</summary>
    public double? Value(Candidate candidate, Metric metric)
    {
        var samples = Samples(candidate, metric);
        return samples.Count > 0 ? Statistics.Median(samples) : null;
    }

    /// <summary>
    /// The median over the rounds of the ratio to YARP's figure of the same round; null if there is none. Within the noise, an added time may
    /// be zero or negative. It then has no ratio.
    /// </summary>
    public double? Ratio(Candidate candidate, Metric metric)
    {
        double[] ratios = [.. Samples(candidate, metric)
            .Zip(Samples(Yarp, metric.RatioTo ?? metric), (own, yarp) => own > 0 && yarp > 0 ? own / yarp : double.NaN)
            .Where(each => !double.IsNaN(each))];
        return ratios.Length > 0 ? Statistics.Median(ratios) : null;
    }

    private IReadOnlyList<double> Samples(Candidate candidate, Metric metric) => metric.AddedIn is { } whole
        ? [.. candidate.Samples.Of(whole).Zip(Direct.Samples.Of(whole), (own, direct) => own - direct)]
        : candidate.Samples.Of(metric);
}
