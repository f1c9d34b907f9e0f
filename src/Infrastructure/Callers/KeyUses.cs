using System.Collections.Concurrent;
using AiGateway.Application.ApiKeys;
using AiGateway.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Callers;

/// <summary>
/// Keeps in memory which keys were used, and writes it once a minute for all keys together. What is not written yet is lost
/// with the process.
/// </summary>
internal sealed partial class KeyUses(IDbContextFactory<GatewayContext> contexts, TimeProvider time, ILogger<KeyUses> logger)
    : BackgroundService, IApiKeyUses
{
    // SQL Server takes 2,100 parameters in one statement.
    private const int MostKeysAtOnce = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<Guid, long> _minutes = new();
    private bool _failed;

    public void Note(Guid keyId)
    {
        var minute = time.GetUtcNow().UtcTicks / Interval.Ticks;
        if (!_minutes.TryGetValue(keyId, out var known) || known != minute) _minutes[keyId] = minute;
    }

    /// <summary>Writes what was noted. After a failure the uses are dropped.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var noted = _minutes.ToArray();
        foreach (var each in noted) _minutes.TryRemove(each);
        try
        {
            foreach (var minute in noted.GroupBy(static each => each.Value, static each => each.Key))
            {
                var at = new DateTimeOffset(minute.Key * Interval.Ticks, TimeSpan.Zero);
                foreach (var few in minute.Chunk(MostKeysAtOnce)) await WriteAsync(few, at, cancellationToken);
            }

            _failed = false;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            if (!_failed) Log.Failed(logger, failure.GetType().Name);
            _failed = true;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await WriteAsync(stoppingToken);
    }

    private Task<int> WriteAsync(Guid[] keys, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var parameters = new List<(string, object)>(keys.Length + 1) { ("@at", at.ToUnixTimeMilliseconds()) };
        for (var index = 0; index < keys.Length; index++) parameters.Add(($"@k{index}", keys[index]));
        var names = string.Join(", ", parameters.Skip(1).Select(static each => each.Item1));
        return contexts.ExecuteAsync(
            $"UPDATE api_keys SET last_used_at = @at WHERE id IN ({names}) AND (last_used_at IS NULL OR last_used_at < @at)", parameters, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The last use of API keys could not be written. Requests are not affected; it is tried again every minute: {Problem}")]
        public static partial void Failed(ILogger logger, string problem);
    }
}
