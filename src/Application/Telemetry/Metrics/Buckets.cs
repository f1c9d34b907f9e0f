using System.Diagnostics.Metrics;

namespace AiGateway.Application.Telemetry.Metrics;

/// <summary>The buckets of histograms.</summary>
internal static class Buckets
{
    /// <summary>Seconds of a call to a model, as the conventions for generative AI advise.</summary>
    public static InstrumentAdvice<double> Long { get; } = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
    };

    /// <summary>Seconds between two parts of a stream.</summary>
    public static InstrumentAdvice<double> Short { get; } = new()
    {
        HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2.5],
    };

    /// <summary>Seconds in the gateway itself.</summary>
    public static InstrumentAdvice<double> Overheads { get; } = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    };

    /// <summary>Tokens of a request, as the conventions for generative AI advise.</summary>
    public static InstrumentAdvice<long> Tokens { get; } = new()
    {
        HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
    };
}
