using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AiGateway.Api.Http;
using AiGateway.Application.Telemetry;
using AiGateway.Application.Telemetry.Metrics;
using Microsoft.AspNetCore.Http;

namespace AiGateway.Api.Tests.Telemetry;

/// <summary>What is measured of an HTTP request.</summary>
internal sealed class HttpMetricsMiddlewareTests
{
    private readonly ConcurrentQueue<Dictionary<string, object?>> _durations = new();
    private readonly ConcurrentQueue<long> _active = new();
    private Meter _meter = null!;
    private MeterListener _listener = null!;
    private HttpMetrics _metrics = null!;

    [SetUp]
    public void Listen()
    {
        _durations.Clear();
        _active.Clear();
        _meter = new Meter("test");
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == _meter) listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) => _durations.Enqueue(tags.ToArray().ToDictionary()));
        _listener.SetMeasurementEventCallback<long>((_, active, _, _) => _active.Enqueue(active));
        _listener.Start();
        _metrics = new HttpMetrics(_meter);
    }

    [TearDown]
    public void Leave()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    [TestCase("POST", "HTTP/1.1", 200, "POST 1.1 200 ")]
    [TestCase("GET", "HTTP/2", 404, "GET 2 404 ")]
    [TestCase("invented", "HTTP/1.0", 503, "_OTHER 1.0 503 503")]
    public async Task Request_IsMeasured_WithFewValues(string method, string protocol, int status, string expected)
    {
        await RunAsync(Request(method, protocol), http => Answer(http, status));

        var seen = Collect().Single();
        Assert.That($"{seen[HttpNames.Method]} {seen[HttpNames.Protocol]} {seen[HttpNames.Status]} {seen.GetValueOrDefault(HttpNames.ErrorType)}", Is.EqualTo(expected));
        Assert.That(seen[HttpNames.Scheme], Is.EqualTo("http"), "not the one that the caller invented");
    }

    [Test]
    public async Task Requests_OfAnyNumber_AreAllInTheNextCollection()
    {
        const int requests = 70;

        await Parallel.ForAsync(0, requests, async (_, _) => await RunAsync(Request("POST", "HTTP/1.1"), http => Answer(http, 200)));

        Assert.That(Collect(), Has.Count.EqualTo(requests));
        Assert.That(Collect(), Has.Count.EqualTo(requests), "none twice");
    }

    [Test]
    public async Task RequestInProgress_IsActive_UntilItEnds_EvenByAnException()
    {
        var failure = new TaskCompletionSource();
        var running = RunAsync(Request("POST", "HTTP/1.1"), _ => failure.Task);
        Collect();

        failure.SetException(new IOException("The client left."));
        await Assert.ThatAsync(() => running, Throws.InstanceOf<IOException>());
        Collect();

        Assert.That(_active, Is.EqualTo(new[] { 1L, 0L }));
        Assert.That(_durations, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Request_WhileNobodyListens_IsNotKept()
    {
        _listener.Dispose();

        await RunAsync(Request("POST", "HTTP/1.1"), http => Answer(http, 200));

        Assert.That((_metrics.AreWanted, Collect().Count), Is.EqualTo((false, 0)));
    }

    private static Task Answer(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static DefaultHttpContext Request(string method, string protocol)
    {
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Protocol, context.Request.Scheme) = (method, protocol, "invented");
        return context;
    }

    private Task RunAsync(HttpContext context, RequestDelegate next) => new HttpMetricsMiddleware(next, _metrics).InvokeAsync(context);

    private ConcurrentQueue<Dictionary<string, object?>> Collect()
    {
        _listener.RecordObservableInstruments();
        return _durations;
    }
}
