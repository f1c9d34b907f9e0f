using System.Net;
using AiGateway.Application.Telemetry;
using AiGateway.Application.Telemetry.Metrics;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Tests.Configuration;

public sealed class TelemetrySettingsTests
{
    private const string Id = "0199c0de-0000-7000-8000-00000000000a";

    [Test]
    public void Read_WithoutASetting_IsOff()
    {
        var settings = Given.Production();

        Assert.That((settings.Telemetry.IsOn, settings.Telemetry.CallerTrace, settings.Telemetry.MetricsPage), Is.EqualTo((false, CallerTrace.Link, (IPEndPoint?)null)));
        Assert.That(settings.Defaults.Telemetry, Is.EqualTo(new TelemetryChoices()), "the defaults equal those of the record");
    }

    [TestCase("9464", "127.0.0.1:9464")]
    [TestCase("0.0.0.0:9464", "0.0.0.0:9464")]
    [TestCase("[::]:1", "[::]:1")]
    public void Read_OfAMetricsPort_YieldsItsAddress(string text, string address)
    {
        var telemetry = Given.Production(("AI_GATEWAY_METRICS_PORT", text)).Telemetry;

        Assert.That((telemetry.MetricsPage!.ToString(), telemetry.IsOn, telemetry.ExportsOtlp), Is.EqualTo((address, true, false)));
    }

    [Test]
    public void Read_OfEverySetting_TakesItsValue()
    {
        var settings = Given.Production(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317"),
            ("AI_GATEWAY_TRACEPARENT", "trusted"),
            ("AI_GATEWAY_METRICS_SCOPES", $"team:{Id}, user:{Id}"),
            ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true"),
            ("OTEL_SEMCONV_STABILITY_OPT_IN", "http, gen_ai_latest_experimental"));

        Assert.That((settings.Telemetry.ExportsOtlp, settings.Telemetry.CallerTrace), Is.EqualTo((true, CallerTrace.Trusted)));
        Assert.That(settings.Telemetry.Scopes, Is.EqualTo(new[] { new MeasuredScope(ScopeKind.Team, new Guid(Id)), new MeasuredScope(ScopeKind.User, new Guid(Id)) }));
        Assert.That(settings.Defaults.Telemetry, Is.EqualTo(new TelemetryChoices { CapturesContent = true, UsesNextNames = true }));
    }

    [TestCase("AI_GATEWAY_METRICS_PORT", "0")]
    [TestCase("AI_GATEWAY_METRICS_PORT", "65536")]
    [TestCase("AI_GATEWAY_METRICS_PORT", "localhost:9464")]
    [TestCase("AI_GATEWAY_METRICS_PORT", "::1")]
    [TestCase("AI_GATEWAY_METRICS_PORT", "10.0.0.1:")]
    [TestCase("AI_GATEWAY_METRICS_SCOPES", "team")]
    [TestCase("AI_GATEWAY_METRICS_SCOPES", $"Team:{Id}")]
    [TestCase("AI_GATEWAY_METRICS_SCOPES", "team:1")]
    [TestCase("AI_GATEWAY_TRACEPARENT", "always")]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT", "127.0.0.1:4317")]
    public void Read_OfAWrongValue_NamesItsSetting(string name, string value) =>
        Assert.That(Given.FaultsOf(() => Given.Production((name, value))).Select(fault => fault.Setting), Is.EqualTo([name]));

    [TestCase(100, false)]
    [TestCase(101, true)]
    public void Read_OfManyScopes_RefusesMoreThan100(int count, bool isFault)
    {
        var scopes = string.Join(',', Enumerable.Repeat($"team:{Id}", count));

        Assert.That(() => Given.Production(("AI_GATEWAY_METRICS_SCOPES", scopes)), isFault ? Throws.Exception.With.Message.Contains("at most 100") : Throws.Nothing);
    }
}
