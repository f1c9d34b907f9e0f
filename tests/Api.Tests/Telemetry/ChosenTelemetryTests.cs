using System.Text;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Telemetry;

/// <summary>What only a choice of the operator turns on: content, the caller's trace, the trace of providers, the next names.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class ChosenTelemetryTests
{
    private const string CallersTrace = "0af7651916cd43dd8448eb211c80319c";
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
            ]);
        var request = _gateway.Admin.Request(HttpMethod.Post, "/v1/chat/completions");
        request.Headers.Add("traceparent", $"00-{CallersTrace}-b7ad6b7169203331-01");
        request.Headers.Add("baggage", "user=somebody");
        request.Content = new StringContent(
            $$"""{"model":"{{TestPrices.Model}}","messages":[{"role":"user","content":"What is \"new\"?"}]}""", Encoding.UTF8, "application/json");
        (await _gateway.Admin.SendAsync(request)).Expect(200);
        await Eventually.GetAsync(
            () => Task.FromResult(_receiver), seen => seen.Spans.Any(span => span.Source == "AiGateway") && seen.Metrics.Any(metric => metric.Name == "aigateway.cost"));
        _call = _receiver.Spans.Single(span => span.Source == "AiGateway");
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
        var sent = _gateway.First.Seen.Single().Headers;

        Assert.That(_call.TraceId, Is.EqualTo(CallersTrace));
        Assert.That(sent["traceparent"], Does.StartWith($"00-{CallersTrace}-"));
        Assert.That(sent.Keys, Has.No.Member("baggage"));
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
}
