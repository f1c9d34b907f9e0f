using System.Diagnostics.Metrics;

namespace AiGateway.Infrastructure.Ledger.Writer;

/// <summary>The metrics of the ledger's writer.</summary>
internal sealed class LedgerMetrics(Meter meter)
{
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
    };

    private static readonly InstrumentAdvice<long> Sizes = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500] };

    private readonly Histogram<long> _batchSize = meter.CreateHistogram(
        "aigateway.ledger.batch.size", "{operation}", "Holds, raises and settlements of one transaction.", null, Sizes);

    private readonly Histogram<double> _commitDuration = meter.CreateHistogram(
        "aigateway.ledger.commit.duration", "s", "From the beginning of a transaction to the end of its commit, retries included.", null, Durations);

    private long _expired;

    /// <summary>Shows what the writer has in hand now.</summary>
    /// <param name="waiting">Operations that wait for a transaction.</param>
    /// <param name="open">Holds of this process that have not ended.</param>
    public void Watch(Func<int> waiting, Func<int> open)
    {
        meter.CreateObservableUpDownCounter("aigateway.ledger.queue.depth", waiting, "{operation}", "Operations that wait for a transaction.");
        meter.CreateObservableUpDownCounter("aigateway.holds", open, "{hold}", "Open holds of this gateway.");

        // Rare, and shown as 0 before the first one.
        meter.CreateObservableCounter(
            "aigateway.ledger.expired", () => Volatile.Read(ref _expired), "{hold}", "Holds whose lease ran out and that were charged at their maximum cost.");
    }

    /// <summary>A transaction is committed.</summary>
    public void Committed(int operations, int expired, TimeSpan duration)
    {
        Interlocked.Add(ref _expired, expired);
        if (operations == 0) return;
        _batchSize.Record(operations);
        _commitDuration.Record(duration.TotalSeconds);
    }
}
