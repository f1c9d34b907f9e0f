using AiGateway.Application.Telemetry;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Telemetry;

/// <summary>
/// Sends the entries that every request writes by OTLP only if the trace of the request is kept. Warnings, errors and all other
/// entries are always sent. Rules for <c>Logging:OpenTelemetry</c> replace this choice.
/// </summary>
internal static class SampledLogs
{
    /// <summary>The alias of the SDK's log provider.</summary>
    private const string Provider = "OpenTelemetry";

    /// <summary>Repeats the general rules for the provider, with the sampling.</summary>
    public static void AddRules(LoggerFilterOptions options)
    {
        if (options.Rules.Any(static rule => rule.ProviderName == Provider)) return;
        var general = options.Rules.Where(static rule => rule.ProviderName is null).ToList();
        options.Rules.Add(new LoggerFilterRule(Provider, null, options.MinLevel, IsSent));
        foreach (var rule in general) options.Rules.Add(new LoggerFilterRule(Provider, rule.CategoryName, rule.LogLevel, IsSent));
    }

    private static bool IsSent(string? provider, string? category, LogLevel level) =>
        level >= LogLevel.Warning || GatewaySpans.IsKept || category?.StartsWith(TelemetryNames.RequestLog, StringComparison.Ordinal) != true;
}
