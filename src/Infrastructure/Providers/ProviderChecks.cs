using AiGateway.Application.Health;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Providers;

/// <summary>
/// Checks all providers at an interval, also while no request comes: one that is down is known before a request needs it, and the
/// history of health has no gaps.
/// </summary>
internal sealed partial class ProviderChecks(ProviderHealthBoard health, ProviderCheckSettings settings, TimeProvider time, ILogger<ProviderChecks> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Interval == TimeSpan.Zero) return;
        using var timer = new PeriodicTimer(settings.Interval, time);
        do await TryAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await health.ReadAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, failure.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The providers could not be checked: {Problem}")]
        public static partial void Failed(ILogger logger, string problem);
    }
}

/// <summary>How often the providers are checked.</summary>
/// <param name="Interval">The time between two checks; zero: none.</param>
public sealed record ProviderCheckSettings(TimeSpan Interval);
