using System.Net;
using AiGateway.Application.Telemetry;
using AiGateway.Application.Telemetry.Metrics;

namespace AiGateway.Infrastructure.Telemetry;

/// <summary>Where telemetry goes, and what of a caller's trace is believed. Without a destination nothing is measured.</summary>
public sealed record TelemetrySettings
{
    /// <summary>Whether traces, metrics and logs are sent by OTLP (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>).</summary>
    public bool ExportsOtlp { get; init; }

    /// <summary>Where the metrics page for Prometheus listens (<c>AI_GATEWAY_METRICS_PORT</c>); null: there is none.</summary>
    public IPEndPoint? MetricsPage { get; init; }

    /// <summary>What a caller's <c>traceparent</c> does (<c>AI_GATEWAY_TRACEPARENT</c>).</summary>
    public CallerTrace CallerTrace { get; init; }

    /// <summary>The scopes whose budgets are metrics (<c>AI_GATEWAY_METRICS_SCOPES</c>).</summary>
    public IReadOnlyList<MeasuredScope> Scopes { get; init; } = [];

    /// <summary>Whether anything is measured.</summary>
    public bool IsOn => ExportsOtlp || MetricsPage is not null;
}
