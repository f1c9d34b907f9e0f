using Microsoft.Extensions.Logging.Console;

namespace AiGateway.Api.Logging;

/// <summary>Where and how the process logs.</summary>
internal static class LogOutput
{
    private const string FormatterName = "Logging:Console:FormatterName";

    /// <summary>
    /// Standard output, or standard error for commands, whose standard output is their answer. Lines of JSON unless
    /// <c>Logging:Console:FormatterName</c> names another formatter of the framework.
    /// </summary>
    public static void AddLogOutput(this WebApplicationBuilder builder, bool toStandardError)
    {
        if (toStandardError)
        {
            builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

            // Commands tell themselves what the database refused, once and in plain words. Entity Framework would add the stack.
            builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
        }

        if (builder.Configuration[FormatterName] != ConsoleFormatterNames.Json) return;

        // The lines have the span of their request without a scope.
        builder.Logging.Configure(static options => options.ActivityTrackingOptions = ActivityTrackingOptions.None);
        foreach (var console in builder.Services.Where(IsConsole).ToList()) builder.Services.Remove(console);
        builder.Services.AddSingleton<ILoggerProvider>(services => new JsonLogProvider(
            toStandardError ? Console.OpenStandardError() : Console.OpenStandardOutput(), services.GetRequiredService<TimeProvider>()));
    }

    private static bool IsConsole(ServiceDescriptor service) =>
        service.ServiceType == typeof(ILoggerProvider) && service.ImplementationType == typeof(ConsoleLoggerProvider);
}
