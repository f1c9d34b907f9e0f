using System.Diagnostics;
using System.Reflection;
using AiGateway.Application;
using AiGateway.Application.Telemetry;
using AiGateway.Infrastructure.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace AiGateway.Infrastructure;

/// <summary>Registers OpenTelemetry.</summary>
public static class TelemetryServices
{
    private const string ServiceName = "aigateway";
    private const string Sampler = "OTEL_TRACES_SAMPLER";

    private static readonly string[] Meters = [TelemetryNames.Source, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql"];

    /// <summary>
    /// Traces, metrics and logs by OTLP, and the metrics page, as the settings say. Nothing is registered when both are off.
    /// The SDK reads its variables (<c>OTEL_*</c>) from the configuration.
    /// </summary>
    /// <param name="services">The services, with those of the application.</param>
    /// <param name="settings">Where telemetry goes.</param>
    /// <param name="configuration">Whether a sampler is chosen.</param>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetrySettings settings, IConfiguration configuration)
    {
        if (!settings.IsOn) return services;
        services.AddSingleton(settings);
        var telemetry = services.AddOpenTelemetry().ConfigureResource(Describe).WithMetrics(metrics => AddMetrics(metrics, settings));
        if (settings.MetricsPage is not null) services.AddHostedService<MetricsPage>();
        if (settings.Scopes.Count > 0) services.AddBudgetGauges(settings.Scopes).AddHostedService<BudgetRefresh>();
        if (settings.ExportsOtlp) AddOtlp(telemetry, services, settings, isSamplerChosen: configuration[Sampler] is { Length: > 0 });
        return services;
    }

    private static void AddOtlp(IOpenTelemetryBuilder telemetry, IServiceCollection services, TelemetrySettings settings, bool isSamplerChosen)
    {
        // No client of this process sends a trace unless it is told to.
        DistributedContextPropagator.Current = DistributedContextPropagator.CreateNoOutputPropagator();
        services.PostConfigure<LoggerFilterOptions>(SampledLogs.AddRules);
        if (!isSamplerChosen) services.AddSingleton<TraceRate>();
        telemetry
            .WithTracing(static traces => traces.AddSource(TelemetryNames.Source))
            .WithLogging(null, static logs => logs.IncludeFormattedMessage = true)
            .UseOtlpExporter();
    }

    private static void AddMetrics(MeterProviderBuilder metrics, TelemetrySettings settings)
    {
        metrics.AddMeter(Meters);
        if (settings.MetricsPage is not null) metrics.AddPrometheusExporter();
    }

    // The variables come last: they replace what is given here.
    private static void Describe(ResourceBuilder resource) => resource
        .Clear()
        .AddService(ServiceName, serviceVersion: Assembly.GetExecutingAssembly().GetName().Version?.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}
