using AiGateway.Application.Switches;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Providers;

/// <summary>Reads the switches again every few seconds, since another gateway may have changed them.</summary>
internal sealed partial class SwitchRefresh(SwitchBoard switches, TimeProvider time, ILogger<SwitchRefresh> logger) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request: what is off stays off after a restart.
        await TryAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SwitchBoard.MaxAge, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TryAsync(stoppingToken);
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await switches.RefreshAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, failure.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The switches of providers could not be read; the last known ones apply: {Problem}")]
        public static partial void Failed(ILogger logger, string problem);
    }
}
