using System.Diagnostics;
using AiGateway.Api.Http;
using AiGateway.Application.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.Telemetry;

/// <summary>The span of an HTTP request, and what becomes of a caller's trace. It runs alone: spans belong to the process.</summary>
[NonParallelizable]
internal sealed class TraceMiddlewareTests
{
    private const string CallersTrace = "0af7651916cd43dd8448eb211c80319c";
    private readonly List<Activity> _ended = [];
    private ActivityListener _listener = null!;
    private bool _isKept;

    [SetUp]
    public void Listen()
    {
        _ended.Clear();
        _isKept = true;
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == TelemetryNames.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => _isKept ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.PropagationData,
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [TearDown]
    public void Leave() => _listener.Dispose();

    [TestCase(CallerTrace.Link, false, true)]
    [TestCase(CallerTrace.Trusted, true, false)]
    [TestCase(CallerTrace.Ignore, false, false)]
    public async Task TraceOfACaller_IsLinkedContinuedOrIgnored(CallerTrace choice, bool isContinued, bool isLinked)
    {
        await RunAsync(choice, Request($"00-{CallersTrace}-b7ad6b7169203331-01"));

        var span = _ended.Single();
        Assert.That((span.TraceId.ToString() == CallersTrace, span.Links.Any()), Is.EqualTo((isContinued, isLinked)));
    }

    [TestCase(CallerTrace.Link, null)]
    [TestCase(CallerTrace.Ignore, null)]
    [TestCase(CallerTrace.Trusted, CallersTrace)]
    public async Task TraceThatIsNotKept_HasNoSpan_AndOnlyATrustedOneGoesOn(CallerTrace choice, string? current)
    {
        _isKept = false;

        var seen = await RunAsync(choice, Request($"00-{CallersTrace}-b7ad6b7169203331-00"));

        Assert.That((seen?.TraceId.ToString(), seen?.IsAllDataRequested ?? false), Is.EqualTo((current, false)));
    }

    [TestCase(CallerTrace.Link, TraceRate.PerSecond)]
    [TestCase(CallerTrace.Trusted, TraceRate.PerSecond + 5)]
    public async Task Traces_AboveTheRate_AreNotKept_ExceptThoseOfATrustedCaller(CallerTrace choice, int kept)
    {
        var rate = new TraceRate(new FakeTimeProvider());
        using var framework = new Activity("framework").Start();

        Activity? last = null;
        for (var request = 0; request < TraceRate.PerSecond + 5; request++)
            last = await RunAsync(choice, Request($"00-{CallersTrace}-b7ad6b7169203331-01"), rate: rate);

        Assert.That((_ended.Count(span => span.Kind == ActivityKind.Server), last is not null), Is.EqualTo((kept, choice == CallerTrace.Trusted)));
    }

    [TestCase("nonsense")]
    [TestCase("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [TestCase("")]
    public async Task TraceOfACaller_ThatIsMalformed_IsNone(string traceparent)
    {
        await RunAsync(CallerTrace.Trusted, Request(traceparent));

        Assert.That(_ended.Single().ParentId, Is.Null);
    }

    [Test]
    public async Task SpanOfTheFramework_IsNoParent()
    {
        using var framework = new Activity("framework").Start();

        await RunAsync(CallerTrace.Link, Request(traceparent: null));

        Assert.That(_ended.Single().ParentId, Is.Null);
    }

    [TestCase("PATCH", "PATCH")]
    [TestCase("invented", "_OTHER")]
    public async Task Span_HasTheMethodOrTheNameForAllOthers(string method, string expected)
    {
        var request = Request(traceparent: null);
        request.Request.Method = method;

        await RunAsync(CallerTrace.Link, request);

        Assert.That((_ended.Single().DisplayName, _ended.Single().GetTagItem(HttpNames.Method)), Is.EqualTo((expected, expected)));
    }

    [TestCase(404, ActivityStatusCode.Unset, null)]
    [TestCase(503, ActivityStatusCode.Error, "503")]
    public async Task Span_IsAnErrorFrom500On(int status, ActivityStatusCode outcome, string? error)
    {
        await RunAsync(CallerTrace.Link, Request(traceparent: null), status);

        var span = _ended.Single();
        Assert.That((span.GetTagItem(HttpNames.Status), span.Status, span.GetTagItem(HttpNames.ErrorType)), Is.EqualTo((status, outcome, error)));
        Assert.That(
            (span.GetTagItem(HttpNames.Path), span.GetTagItem(HttpNames.Scheme), span.GetTagItem(HttpNames.ServerAddress), span.GetTagItem(HttpNames.ServerPort), span.GetTagItem(HttpNames.Protocol), span.GetTagItem(HttpNames.UserAgent)),
            Is.EqualTo(("/v1/models", "https", "gateway.test", 8443, "1.1", "a client")));
    }

    private static DefaultHttpContext Request(string? traceparent)
    {
        var context = new DefaultHttpContext
        {
            Request = { Method = "POST", Scheme = "https", Host = new HostString("gateway.test", 8443), Path = "/v1/models", Protocol = "HTTP/1.1" },
        };
        context.Request.Headers.UserAgent = "a client";
        context.Request.Headers.TraceParent = traceparent;
        return context;
    }

    /// <summary>The span that the next middleware sees.</summary>
    private static async Task<Activity?> RunAsync(CallerTrace choice, HttpContext request, int status = 200, TraceRate? rate = null)
    {
        Activity? seen = null;
        var middleware = new TraceMiddleware(
            context =>
            {
                seen = Activity.Current;
                context.Response.StatusCode = status;
                return Task.CompletedTask;
            },
            choice,
            rate);
        await middleware.InvokeAsync(request);
        return seen;
    }
}
