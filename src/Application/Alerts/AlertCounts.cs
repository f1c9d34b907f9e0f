using System.Diagnostics.Metrics;
using AiGateway.Domain;

namespace AiGateway.Application.Alerts;

/// <summary>How many alerts this process wrote, by kind. They are rare, and shown as 0 before the first one.</summary>
internal sealed class AlertCounts
{
    private static readonly AlertKind[] Kinds = [AlertKind.Budget, AlertKind.Provider, AlertKind.Record];
    private readonly long[] _counts = new long[Kinds.Length];

    public AlertCounts(Meter? meter) =>
        meter?.CreateObservableCounter("aigateway.alerts", Read, "{alert}", "Alerts that this gateway wrote.");

    public void Add(AlertKind kind)
    {
        var place = Array.IndexOf(Kinds, kind);
        if (place >= 0) Interlocked.Increment(ref _counts[place]);
    }

    private IEnumerable<Measurement<long>> Read() => Kinds.Select((kind, place) => new Measurement<long>(
        Volatile.Read(ref _counts[place]), new KeyValuePair<string, object?>("aigateway.alert.kind", kind.ToString().ToLowerInvariant())));
}
