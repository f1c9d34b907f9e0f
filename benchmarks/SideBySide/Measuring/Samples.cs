namespace AiGateway.SideBySide.Measuring;

/// <summary>The measurements of one target: one sample of each metric and round.</summary>
internal sealed class Samples
{
    private readonly Dictionary<Metric, List<double>> _samples = [];

    public void Add(Metric metric, double sample)
    {
        if (!_samples.TryGetValue(metric, out var samples)) _samples[metric] = samples = [];
        samples.Add(sample);
    }

    /// <summary>The samples in the order of the rounds; none if the metric was not measured.</summary>
    public IReadOnlyList<double> Of(Metric metric) => _samples.TryGetValue(metric, out var samples) ? samples : [];
}
