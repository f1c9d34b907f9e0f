namespace AiGateway.SideBySide.Measuring;

/// <summary>A row of the table.</summary>
/// <param name="Name">The name with the unit. The committed table is compared by it.</param>
/// <param name="Noise">A difference of less than this is noise, in the unit of the metric.</param>
internal sealed record Metric(string Name, double Noise)
{
    /// <summary>Whether more is better. Otherwise less is.</summary>
    public bool IsMoreBetter { get; init; }

    /// <summary>The metric whose direct measurement of the same round is subtracted; null if nothing is.</summary>
    public Metric? AddedIn { get; init; }

    /// <summary>The metric of YARP to which the ratio is taken; null for the metric itself.</summary>
    public Metric? RatioTo { get; init; }

    /// <summary>The goal of the gateway.</summary>
    public string Goal { get; init; } = "";
}
