using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AiGateway.Application.Telemetry.Metrics;

/// <summary>
/// The metrics of all HTTP requests to the gateway. The framework's own metric is not used: it costs twice as much, and its
/// buckets end at 10 seconds, but many streams take longer.
/// </summary>
public sealed class HttpMetrics
{
    private readonly Histogram<double> _duration;
    private readonly MeasureBuffer<HttpMeasures> _ended;
    private long _active;

    /// <param name="meter">The gateway's meter.</param>
    public HttpMetrics(Meter meter)
    {
        _duration = meter.CreateHistogram(
            HttpNames.Duration, "s", "Time of an HTTP request, until the end of its reply.", null, Buckets.Long);
        _ended = new MeasureBuffer<HttpMeasures>(Record);
        meter.CreateObservableUpDownCounter(TelemetryNames.ActiveRequests, ReadActive, "{request}", "HTTP requests in progress.");
    }

    /// <summary>Whether anybody listens.</summary>
    public bool AreWanted => _duration.Enabled;

    /// <summary>A request has arrived.</summary>
    public void Begun() => Interlocked.Increment(ref _active);

    /// <summary>A request has ended.</summary>
    public void Ended(in HttpMeasures ended)
    {
        Interlocked.Decrement(ref _active);
        _ended.Add(ended);
    }

    // The SDK reads what is observed before it collects the rest, so the requests kept until now are in the same collection.
    private long ReadActive()
    {
        _ended.Drain();
        return Volatile.Read(ref _active);
    }

    private void Record(in HttpMeasures ended)
    {
        var tags = new TagList
        {
            { HttpNames.Method, ended.Method },
            { HttpNames.Scheme, ended.Scheme },
            { HttpNames.Protocol, ended.Protocol },
            { HttpNames.Status, ended.Status },
        };
        if (ended.Route is { } route) tags.Add(HttpNames.Route, route);
        if (ended.Error is { } error) tags.Add(HttpNames.ErrorType, error);
        _duration.Record(ended.Duration.TotalSeconds, tags);
    }
}
