using AiGateway.Application.Providers;
using AiGateway.Domain;
using Microsoft.Extensions.Logging;

namespace AiGateway.Application.Health;

/// <summary>
/// The last check of each provider. Reading it renews checks older than <see cref="MaxAge"/>. All readers share one round of
/// checks, which keeps the public health endpoint from flooding a provider.
/// </summary>
public sealed partial class ProviderHealthBoard(
    IProviderDirectory providers, IProviderStore store, TimeProvider time, ILogger<ProviderHealthBoard> logger)
{
    /// <summary>The age at which a check is renewed for a reader.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(15);

    /// <summary>How long a failed check keeps a provider behind the others.</summary>
    public static readonly TimeSpan DownTime = TimeSpan.FromMinutes(2);

    private readonly Lock _turn = new();
    private readonly HealthHistory _history = new();
    private Task<IReadOnlyList<HealthStatus>>? _round;
    private DateTimeOffset _startedAt;
    private IReadOnlyList<HealthStatus> _last = [];

    /// <summary>
    /// Until when other targets are tried first, because the last check found the provider down; null: it is up, or was not
    /// checked lately.
    /// </summary>
    public DateTimeOffset? DownUntil(string provider)
    {
        foreach (var status in Volatile.Read(ref _last))
        {
            if (status.Name != provider) continue;
            var until = status.CheckedAt + DownTime;
            return status.State == HealthState.Unhealthy && until > time.GetUtcNow() ? until : null;
        }

        return null;
    }

    /// <summary>The checks of all providers, none older than <see cref="MaxAge"/> by the time they are begun.</summary>
    public Task<IReadOnlyList<HealthStatus>> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            var now = time.GetUtcNow();
            if (_round is null or { IsCompleted: true, IsCompletedSuccessfully: false }
                || (_round.IsCompleted && now - _startedAt >= MaxAge))
            {
                _startedAt = now;
                _round = CheckAllAsync();
            }

            return _round.WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<HealthStatus>> CheckAllAsync()
    {
        var statuses = await Task.WhenAll(providers.Current.Adapters.Select(CheckAsync));
        Volatile.Write(ref _last, statuses);
        foreach (var status in statuses) await SaveAsync(status);
        var changes = _history.Next(statuses, time.GetUtcNow());
        if (changes.Count > 0) await TryAsync(changes[0].ProviderName, () => store.AddChangesAsync(changes, CancellationToken.None));
        return statuses;
    }

    private static async Task<HealthStatus> CheckAsync(IModelAdapter adapter) =>
        await adapter.CheckHealthAsync(CancellationToken.None) with { Cooling = adapter.Cooling(), Learned = adapter.Learned() };

    private async Task SaveAsync(HealthStatus status)
    {
        var health = new ProviderHealth
        {
            ProviderName = status.Name,
            State = status.State,
            LatencyMs = (long)status.Latency.TotalMilliseconds,
            CheckedAt = status.CheckedAt,
            Problem = status.Problem,
        };
        await TryAsync(status.Name, () => store.SaveHealthAsync(health, CancellationToken.None));
    }

    private async Task TryAsync(string provider, Func<Task> save)
    {
        try
        {
            await save();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The check stays valid. A database that cannot store it shows up in its own line of the report.
            Log.NotSaved(logger, provider, failure.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The health check of provider {Provider} could not be saved: {Problem}")]
        public static partial void NotSaved(ILogger logger, string provider, string problem);
    }
}
