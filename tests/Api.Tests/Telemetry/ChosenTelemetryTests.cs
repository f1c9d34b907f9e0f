using System.Text;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Telemetry;

/// <summary>What only a choice of the operator turns on: content, the caller's trace, the trace of providers, the next names.</summary>
internal sealed class ChosenTelemetryTests
{
    private const string CallersTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string DroppedTrace = "1af7651916cd43dd8448eb211c80319d";
    private OtlpReceiver _receiver = null!;
    private TracedGateway _gateway = null!;
    private SeenSpan _call = null!;

    [OneTimeSetUp]
    public async Task AskAsync()
    {
        _receiver = await OtlpReceiver.StartAsync();
        _gateway = await TracedGateway.StartAsync(
            "\"sendsTraceparent\": true,",
            [
                .. _receiver.Settings,
                ("AI_GATEWAY_TRACEPARENT", "trusted"),
                ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true"),
                ("OTEL_SEMCONV_STABILITY_OPT_IN", "http,gen_ai_latest_experimental"),
                ("OTEL_SERVICE_NAME", "our-gateway"),
                ("OTEL_TRACES_SAMPLER", "parentbased_always_on"),
            ]);
        (await AskAsync(_gateway.Admin, DroppedTrace, isKept: false)).Expect(200);
        (await AskAsync(_gateway.Admin.As("a-wrong-key"), DroppedTrace, isKept: false)).Expect(401);
        (await AskAsync(_gateway.Admin, CallersTrace, isKept: true)).Expect(200);
        await Eventually.GetAsync(
            () => Task.FromResult(_receiver), seen => seen.Spans.Any(TracedGateway.IsCall) && seen.Metrics.Any(metric => metric.Name == "aigateway.cost") && seen.Logs.Any(log => log.TraceId == CallersTrace));
        _call = _receiver.Spans.Single(TracedGateway.IsCall);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Test]
    public void TrustedTrace_IsContinued_AndTheProviderGetsItWithoutTheBaggage()
    {
        var sent = _gateway.First.Seen[^1].Headers;

        Assert.That(_call.TraceId, Is.EqualTo(CallersTrace));
        Assert.That(sent["traceparent"], Does.StartWith($"00-{CallersTrace}-"));
        Assert.That(sent.Keys, Has.No.Member("baggage"));
    }

    [Test]
    public void TrustedTrace_ThatIsNotKept_IsStillPassedOn()
    {
        Assert.That(_gateway.First.Seen[0].Headers["traceparent"], Does.Match($"^00-{DroppedTrace}-[0-9a-f]{{16}}-00$"));
        Assert.That(_receiver.Spans.Select(span => span.TraceId), Has.None.EqualTo(DroppedTrace));
    }

    [Test]
    public void Logs_OfATraceThatIsNotKept_AreSentFromWarningsOnly()
    {
        var dropped = _receiver.Logs.Where(log => log.TraceId == DroppedTrace).Select(log => log.Body);

        Assert.That(dropped.Single(), Does.StartWith("Authentication failed"));
        Assert.That(_receiver.Logs.Where(log => log.TraceId == CallersTrace).Select(log => log.Body), Has.One.StartsWith("Generation "));
        Assert.That(_gateway.Output, Does.Contain($"\"TraceId\":\"{DroppedTrace}\""), "the lines on standard output are all there");
    }

    [Test]
    public void Content_IsOnTheCall()
    {
        Assert.That(
            _call.Attributes["gen_ai.input.messages"],
            Is.EqualTo("""[{"role":"user","parts":[{"type":"text","content":"What is \"new\"?"}]}]"""));
        Assert.That(
            _call.Attributes["gen_ai.output.messages"],
            Is.EqualTo("""[{"role":"assistant","parts":[{"type":"text","content":"Hello!"}],"finish_reason":"stop"}]"""));
    }

    [Test]
    public void NextNames_ReplaceThoseOfTheDefault()
    {
        var names = _receiver.Metrics.Select(metric => metric.Name).ToHashSet();

        Assert.That(names, Does.Contain("gen_ai.client.inference.duration").And.Contain("gen_ai.client.inference.usage.input_tokens").And.Contain("gen_ai.client.inference.usage.output_tokens"));
        Assert.That(names, Has.No.Member("gen_ai.client.operation.duration").And.No.Member("gen_ai.client.token.usage"));
    }

    [Test]
    public void Variables_NameTheSender() => Assert.That(_receiver.Resource["service.name"], Is.EqualTo("our-gateway"));

    private static Task<Reply> AskAsync(GatewayClient client, string trace, bool isKept)
    {
        var request = client.Request(HttpMethod.Post, "/v1/chat/completions");
        request.Headers.Add("traceparent", $"00-{trace}-b7ad6b7169203331-{(isKept ? "01" : "00")}");
        request.Headers.Add("baggage", "user=somebody");
        request.Content = new StringContent(
            $$"""{"model":"{{TestPrices.Model}}","messages":[{"role":"user","content":"What is \"new\"?"}]}""", Encoding.UTF8, "application/json");
        return client.SendAsync(request);
    }
}
