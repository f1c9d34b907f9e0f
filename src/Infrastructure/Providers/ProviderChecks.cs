using AiGateway.Application.Health;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Providers;

/// <summary>
/// Checks all providers at an interval, also while no request comes: one that is down is known before a request needs it, and the
/// history of health has no gaps.
/// </summary>
internal sealed partial class ProviderChecks(ProviderHealthBoard health, ProviderCheckSettings settings, TimeProvider time, ILogger<ProviderChecks> logger)
    : RecurringWork(settings.Interval, time)
{
    // The first requests after a start need the processor, and storing a check loads Entity Framework.
    protected override TimeSpan StartDelay { get; } = TimeSpan.FromSeconds(5);

    protected override Task RunAsync(CancellationToken cancellationToken) => health.ReadAsync(cancellationToken);

    protected override void Report(string problem) => Log.Failed(logger, problem);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The providers could not be checked: {Problem}")]
        public static partial void Failed(ILogger logger, string problem);
    }
}

/// <summary>How often the providers are checked.</summary>
/// <param name="Interval">The time between two checks; zero: none.</param>
public sealed record ProviderCheckSettings(TimeSpan Interval);
