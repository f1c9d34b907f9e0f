using Microsoft.Extensions.Hosting;

namespace AiGateway.Infrastructure.Providers;

/// <summary>Work that is done at an interval for as long as the gateway runs. A failure is reported, and the next turn comes.</summary>
/// <param name="interval">The time between two turns; zero: the work is never done.</param>
/// <param name="time">The clock.</param>
internal abstract class RecurringWork(TimeSpan interval, TimeProvider time) : BackgroundService
{
    /// <summary>Whether the first turn ends before the first request. If not, it begins with the gateway.</summary>
    protected virtual bool DelaysStart => false;

    /// <summary>How long the first turn waits after the start, if the interval is not shorter.</summary>
    protected virtual TimeSpan StartDelay => TimeSpan.Zero;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (DelaysStart) await TryAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>One turn.</summary>
    protected abstract Task RunAsync(CancellationToken cancellationToken);

    /// <summary>Writes the failure of a turn to the log.</summary>
    /// <param name="problem">The kind of the failure.</param>
    protected abstract void Report(string problem);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (interval == TimeSpan.Zero) return;
        if (!DelaysStart)
        {
            await Task.Delay(StartDelay < interval ? StartDelay : interval, time, stoppingToken);
            await TryAsync(stoppingToken);
        }

        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TryAsync(stoppingToken);
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            Report(failure.GetType().Name);
        }
    }
}
