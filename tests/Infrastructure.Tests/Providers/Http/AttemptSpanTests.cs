using System.Diagnostics;
using AiGateway.Application.Telemetry;
using AiGateway.Infrastructure.Providers.Http;
using AiGateway.Testing;

namespace AiGateway.Infrastructure.Tests.Providers.Http;

/// <summary>What the span of an attempt says, and what a provider gets of a trace.</summary>
internal sealed class AttemptSpanTests
{
    private readonly List<Activity> _ended = [];
    private readonly HttpMessageInvoker _http = ProviderHttp.Create(null);
    private ActivityListener _listener = null!;
    private ScriptedProvider _provider = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _provider = await ScriptedProvider.StartAsync(static (_, _) => Task.CompletedTask);

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await _provider.DisposeAsync();
    }

    [SetUp]
    public void Listen()
    {
        _ended.Clear();
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == TelemetryNames.Source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [TearDown]
    public void Leave() => _listener.Dispose();

    [TestCase(200, ActivityStatusCode.Unset, null)]
    [TestCase(429, ActivityStatusCode.Error, "429")]
    public async Task Span_SaysWhatWasCalledAndWhatCame_WithoutTheQuery(int status, ActivityStatusCode outcome, string? error)
    {
        _provider.Answer = (_, http) =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        using var request = Request(isKept: true);

        using var response = await SendAsync(new Uri(_provider.Address, "v1/models?secret=canary"), sendsTrace: false);

        var span = _ended.Single();
        Assert.That((span.DisplayName, span.Kind, span.ParentSpanId), Is.EqualTo(("GET", ActivityKind.Client, request.SpanId)));
        Assert.That(
            (span.GetTagItem(HttpNames.Method), span.GetTagItem(HttpNames.ServerAddress), span.GetTagItem(HttpNames.ServerPort), span.GetTagItem(HttpNames.Url)),
            Is.EqualTo(("GET", "127.0.0.1", _provider.Address.Port, $"{_provider.Address}v1/models")));
        Assert.That(
            (span.GetTagItem(HttpNames.Status), span.GetTagItem(HttpNames.Protocol), span.Status, span.GetTagItem(HttpNames.ErrorType)),
            Is.EqualTo((status, "1.1", outcome, error)));
    }

    [Test]
    public async Task Span_OfACallThatNobodyAnswers_HasTheKindOfTheFailure()
    {
        using var request = Request(isKept: true);

        await Assert.ThatAsync(async () => await SendAsync(new Uri("http://127.0.0.1:1/"), sendsTrace: false), Throws.InstanceOf<HttpRequestException>());

        Assert.That((_ended.Single().Status, _ended.Single().GetTagItem(HttpNames.ErrorType)), Is.EqualTo((ActivityStatusCode.Error, "connection_error")));
    }

    [Test]
    public async Task Span_OfACallThatWasGivenUp_HasTheKindOfTheFailure()
    {
        using var request = Request(isKept: true);

        await Assert.ThatAsync(
            async () => await SendAsync(_provider.Address, sendsTrace: false, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(_ended.Single().GetTagItem(HttpNames.ErrorType), Is.EqualTo(typeof(TaskCanceledException).FullName));
    }

    [TestCase(true, true)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(false, false)]
    public async Task Provider_GetsTheTraceOnlyWhenItsAccountSaysSo_AndNeverBaggage(bool isKept, bool sendsTrace)
    {
        using var request = Request(isKept).AddBaggage("user", "somebody");
        request.TraceStateString = "vendor=1";

        using var response = await SendAsync(_provider.Address, sendsTrace);

        var headers = _provider.Seen[^1].Headers;
        var parent = isKept ? _ended.Single() : request;
        Assert.That(headers.GetValueOrDefault("traceparent"), Is.EqualTo(sendsTrace ? parent.Id : null));
        Assert.That(headers.GetValueOrDefault("tracestate"), Is.EqualTo(sendsTrace ? "vendor=1" : null));
        Assert.That(headers.Keys, Has.No.Member("baggage").And.No.Member("Correlation-Context"));
        Assert.That(_ended, Has.Count.EqualTo(isKept ? 1 : 0), "spans of attempts");
    }

    private static Activity Request(bool isKept) => new Activity("request") { IsAllDataRequested = isKept }.Start();

    private async Task<HttpResponseMessage> SendAsync(Uri address, bool sendsTrace, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        return await AttemptSpan.SendAsync(_http, request, sendsTrace, cancellationToken);
    }
}
