using System.Data.Common;
using AiGateway.Application.Health;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Persistence;

internal sealed partial class DatabaseProbe(
    IDbContextFactory<GatewayContext> contexts, TimeProvider time, ILogger<DatabaseProbe> logger) : IDatabaseProbe
{
    private const string Name = "database";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    private string? _lastProblem;

    public async Task<HealthStatus> CheckAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var problem = await FindProblemAsync(cancellationToken);
        var state = problem is null ? HealthState.Healthy : HealthState.Unhealthy;
        return new HealthStatus(Name, state, time.GetElapsedTime(start), time.GetUtcNow(), problem);
    }

    private async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        using var asking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // On a thread of its own, because SQLite's client blocks the calling thread.
            await Task.Run(() => AskAsync(asking.Token), cancellationToken).WaitAsync(Timeout, time, cancellationToken);
            Volatile.Write(ref _lastProblem, null);
            return null;
        }
        catch (TimeoutException)
        {
            return "The database does not answer in time.";
        }
        catch (OperationCanceledException)
        {
            return "The check was cancelled.";
        }
        catch (Exception failure) when (failure is DbException or InvalidOperationException or IOException)
        {
            Tell(failure);
            return "The database does not answer.";
        }
        finally
        {
            // The result is no longer needed; otherwise it would retry until the next probe.
            await asking.CancelAsync();
        }
    }

    // Of a table, because a database without the schema is of no use.
    private Task<IReadOnlyList<string>> AskAsync(CancellationToken cancellationToken) =>
        contexts.ReadAsync("SELECT name FROM providers", [], static row => row.GetString(0), cancellationToken);

    /// <summary>Probes come every few seconds: the same failure is logged once with its stack trace.</summary>
    private void Tell(Exception failure)
    {
        if (Interlocked.Exchange(ref _lastProblem, failure.Message) == failure.Message) Log.StillFails(logger, failure.Message);
        else Log.Failed(logger, failure);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The database does not answer")]
        public static partial void Failed(ILogger logger, Exception failure);

        [LoggerMessage(2, LogLevel.Warning, "The database still does not answer: {Problem}")]
        public static partial void StillFails(ILogger logger, string problem);
    }
}
