using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Telemetry;

/// <summary>The traces, logs and metrics of a request that failed over, as a real receiver gets them.</summary>
internal sealed partial class TraceTests
{
    private const string CallersTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string Prompt = "the-canary-of-the-prompt";
    private OtlpReceiver _receiver = null!;
    private TracedGateway _gateway = null!;
    private Reply _reply = null!;
    private SeenSpan _server = null!;
    private SeenSpan _call = null!;

    [OneTimeSetUp]
    public async Task FailOverAsync()
    {
        _receiver = await OtlpReceiver.StartAsync();
        _gateway = await TracedGateway.StartAsync("", _receiver.Settings);
        _gateway.First.Answer = Answers.Error(500, "the-canary-of-the-provider");
        _reply = await SendAsync(_gateway.Admin, Prompt);
        await Eventually.GetAsync(() => Task.FromResult(_receiver), seen => seen.Spans.Any(IsServer) && seen.Logs.Any(IsOfTheSettlement) && seen.Metrics.Any(metric => metric.Name == "aigateway.cost"));
        _server = _receiver.Spans.Single(IsServer);
        _call = _receiver.Spans.Single(TracedGateway.IsCall);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Test]
    public void Trace_OfARequestThatFailedOver_HasAllItsAttemptsBelowOneCall()
    {
        _reply.Expect(200);
        var attempts = _receiver.Spans.Where(span => span.ParentId == _call.Id).ToArray();
        string[] ports = [Port(_gateway.First), Port(_gateway.Second)];

        Assert.That((_server.ParentId, _call.ParentId, _call.TraceId), Is.EqualTo(("", _server.Id, _server.TraceId)));
        Assert.That(_server.Name, Is.EqualTo("POST /api/v1/ai/generate"));
        Assert.That((_server.Attributes["http.request.method"], _server.Attributes["http.response.status_code"]), Is.EqualTo(("POST", "200")));
        Assert.That(_server.Attributes["aigateway.request.id"], Is.EqualTo(_reply.Header("x-request-id")));
        Assert.That((_call.Name, _call.Kind, _call.IsError), Is.EqualTo(($"chat {TestPrices.Model}", 3, false)));
        Assert.That(attempts.Select(span => (span.Source, span.Kind, span.TraceId)), Is.All.EqualTo(("AiGateway", 3, _server.TraceId)));
        Assert.That(attempts.Select(span => span.Attributes["server.port"]), Is.EquivalentTo(ports));
        Assert.That(
            attempts.Select(span => (span.Attributes["http.response.status_code"], span.IsError, span.Attributes.GetValueOrDefault("error.type"))),
            Is.EquivalentTo(new[] { ("500", true, "500"), ("200", false, null) }));
        Assert.That(attempts.Select(span => span.Attributes["url.full"]), Has.All.EndsWith("/v1/chat/completions"));
    }

    [Test]
    public void Call_HasTheAttributesOfTheConventions()
    {
        var seen = _call.Attributes;

        Assert.That(
            (seen["gen_ai.operation.name"], seen["gen_ai.provider.name"], seen["gen_ai.request.model"], seen["gen_ai.response.model"]),
            Is.EqualTo(("chat", "second", TestPrices.Model, TestPrices.Model)));
        Assert.That(
            (seen["gen_ai.usage.input_tokens"], seen["gen_ai.usage.output_tokens"], seen["gen_ai.response.finish_reasons"], seen["aigateway.attempts"]),
            Is.EqualTo(("11", "3", "stop", "2")));
        Assert.That(decimal.Parse(seen["aigateway.cost"], NumberStyles.Float, CultureInfo.InvariantCulture), Is.EqualTo(TestPrices.CostUsd(11, 3)));
    }

    [Test]
    public void TraceOfTheCaller_IsLinkedAndNotContinued_AndNoProviderSeesATrace()
    {
        Assert.That((_server.TraceId == CallersTrace, _server.LinkedTraces.Single()), Is.EqualTo((false, CallersTrace)));
        var sent = _gateway.First.Seen.Concat(_gateway.Second.Seen).SelectMany(request => request.Headers.Keys).ToArray();
        Assert.That(sent, Is.Not.Empty.And.None.EqualTo("traceparent").And.None.EqualTo("tracestate").And.None.EqualTo("baggage").And.None.EqualTo("request-id"));
    }

    [Test]
    public async Task Log_HasTheTraceOfItsRequest_AtTheReceiverAndOnStandardOutput()
    {
        Assert.That(_receiver.Logs.First(IsOfTheSettlement).TraceId, Is.EqualTo(_server.TraceId));
        await Eventually.GetAsync(() => Task.FromResult(_gateway.Output), output => output.Contains($"\"TraceId\":\"{_server.TraceId}\"", StringComparison.Ordinal));
    }

    [Test]
    public void Telemetry_HoldsNoContentAndNoSecret()
    {
        Assert.That(_receiver.Everything, Does.Contain(TestPrices.Model));
        Assert.That(_receiver.Everything, Does.Not.Contain(Prompt).And.Not.Contain(GatewayHost.AdminKey).And.Not.Contain("Hello!"));
    }

    [Test]
    public void Sender_IsNamed() =>
        Assert.That((_receiver.Resource["service.name"], _receiver.Resource["telemetry.sdk.language"]), Is.EqualTo(("aigateway", "dotnet")));

    [Test]
    public async Task Streams_AreMeasured_AndEveryMetricIsDocumentedWithItsUnitAndAttributes()
    {
        _gateway.Second.Answer = Answers.Raw("not json");
        await SendAsync(_gateway.Admin, "a");
        _gateway.First.Answer = _gateway.Second.Answer = TracedGateway.StreamAsync;
        (await _gateway.Admin.PostAsync("/api/v1/ai/generate", new { prompt = "b", stream = true })).Expect(200);
        await _gateway.Admin.SetQuotaAsync(GatewayHost.AdminId, daily: 1);
        (await _gateway.Admin.GenerateAsync()).Expect(429);
        var documented = TelemetryDocument.Metrics().Where(metric => metric.IsOfTheGateway && !metric.Name.StartsWith("aigateway.budget.", StringComparison.Ordinal)).ToArray();
        await Eventually.GetAsync(() => Task.FromResult(_receiver.Metrics.Select(metric => metric.Name).ToHashSet()), seen => documented.All(metric => seen.Contains(metric.Name)));

        var seen = _receiver.Metrics.Where(metric => Own().IsMatch(metric.Name)).GroupBy(metric => (metric.Name, metric.Unit)).ToArray();
        Assert.That(
            seen.Select(metric => (metric.Key.Name, metric.Key.Unit, string.Join(' ', metric.SelectMany(each => each.Attributes).Distinct().Order(StringComparer.Ordinal)))),
            Is.EquivalentTo(documented.Select(metric => (metric.Name, metric.Unit, metric.Attributes))));
    }

    [GeneratedRegex(@"^(gen_ai|aigateway)\.")]
    private static partial Regex Own();

    private static bool IsServer(SeenSpan span) => span.Kind == 2 && span.Attributes.ContainsKey("aigateway.request.id") && span.LinkedTraces.Count > 0;

    private static bool IsOfTheSettlement(SeenLog log) => log.Body.Contains("nano-USD", StringComparison.Ordinal);

    private static string Port(ScriptedProvider provider) => provider.Address.Port.ToString(CultureInfo.InvariantCulture);

    private static Task<Reply> SendAsync(GatewayClient caller, string prompt)
    {
        var request = caller.Request(HttpMethod.Post, "/api/v1/ai/generate");
        request.Headers.Add("traceparent", $"00-{CallersTrace}-b7ad6b7169203331-01");
        request.Headers.Add("baggage", "user=somebody");
        request.Content = new StringContent($$"""{"prompt":"{{prompt}}"}""", Encoding.UTF8, "application/json");
        return caller.SendAsync(request);
    }
}
