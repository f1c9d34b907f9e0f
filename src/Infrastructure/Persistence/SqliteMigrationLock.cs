using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>
/// EF Core locks a SQLite file for a migration by a row. A killed process leaves the row behind, and every later start would
/// wait for it forever. A row older than any migration takes is removed.
/// </summary>
internal sealed partial class SqliteMigrationLock(TimeProvider time, ILogger<SqliteMigrationLock> logger)
{
    private static readonly TimeSpan LongestMigration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns when no process migrates the file.</summary>
    public async Task OutwaitAsync(GatewayContext context, CancellationToken cancellationToken)
    {
        while (await FindAsync(context, cancellationToken) is { } takenAt)
        {
            if (time.GetUtcNow() - takenAt > LongestMigration)
            {
                Log.Leftover(logger, takenAt);
                await context.Database.ExecuteSqlRawAsync("DELETE FROM __EFMigrationsLock", cancellationToken);
                return;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static async Task<DateTimeOffset?> FindAsync(GatewayContext context, CancellationToken cancellationToken)
    {
        var tables = await context.Database
            .SqlQueryRaw<long>("SELECT count(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'")
            .SingleAsync(cancellationToken);
        if (tables == 0) return null;
        var taken = await context.Database
            .SqlQueryRaw<DateTimeOffset>("SELECT Timestamp AS Value FROM __EFMigrationsLock")
            .ToListAsync(cancellationToken);
        return taken.Count == 0 ? null : taken[0];
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The migration that began at {TakenAt} did not finish; its lock is removed")]
        public static partial void Leftover(ILogger logger, DateTimeOffset takenAt);
    }
}
