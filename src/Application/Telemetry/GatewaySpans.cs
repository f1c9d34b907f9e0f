using System.Diagnostics;

namespace AiGateway.Application.Telemetry;

/// <summary>
/// Where the gateway's spans begin: that of an HTTP request, of a call to a model, and of each attempt. A span is created
/// only for a trace that is kept.
/// </summary>
public static class GatewaySpans
{
    /// <summary>The source of every span.</summary>
    public static ActivitySource Source { get; } = new(new ActivitySourceOptions(TelemetryNames.Source) { TelemetrySchemaUrl = GenAi.SchemaUrl });

    /// <summary>Whether what happens now belongs to a trace that is kept.</summary>
    public static bool IsKept => Activity.Current is { IsAllDataRequested: true };
}
