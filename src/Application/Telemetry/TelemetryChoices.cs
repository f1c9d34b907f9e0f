namespace AiGateway.Application.Telemetry;

/// <summary>What the operator chose for spans and metrics. It has no effect while telemetry is off.</summary>
public sealed record TelemetryChoices
{
    /// <summary>
    /// Whether spans hold prompts and replies (<c>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT</c>); default: no.
    /// </summary>
    public bool CapturesContent { get; init; }

    /// <summary>
    /// Whether the names of the conventions' next version replace those of 1.41 (<c>OTEL_SEMCONV_STABILITY_OPT_IN</c>);
    /// default: no.
    /// </summary>
    public bool UsesNextNames { get; init; }
}
