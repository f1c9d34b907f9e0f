using AiGateway.Application.Progress;
using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Persistence.Startup;

/// <summary>Updates the schema. A lock in the database lets one replica do it while others wait.</summary>
internal sealed partial class DatabaseMigrator(
    IDbContextFactory<GatewayContext> contexts,
    DatabaseSettings settings,
    SqliteFile sqliteFile,
    SqliteMigrationLock sqliteLock,
    IWorkProgress progress,
    ILogger<DatabaseMigrator> logger)
{
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (settings.Kind == DatabaseKind.Sqlite) sqliteFile.Make();
        if (await SchemaCheck.IsCurrentAsync(contexts, settings.Kind, cancellationToken)) return;
        await using var context = settings.LedgerConnectionString is { } direct
            ? new PostgresContext(ContextOptions.Postgres(direct).Options)
            : await contexts.CreateDbContextAsync(cancellationToken);

        // Building an index over many records takes long, and other gateways wait for it. SQLite has its own bound.
        if (settings.Kind != DatabaseKind.Sqlite) context.Database.SetCommandTimeout(TimeSpan.Zero);
        if (settings.Kind == DatabaseKind.Postgres) await PostgresMigrationLock.MakeDatabaseAsync(context, cancellationToken);
        await using var postgresLock = settings.Kind == DatabaseKind.Postgres
            ? await PostgresMigrationLock.TakeAsync(context, cancellationToken)
            : null;
        if (settings.Kind == DatabaseKind.Sqlite) await sqliteLock.OutwaitAsync(context, cancellationToken);
        var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            if ((await context.Database.GetAppliedMigrationsAsync(cancellationToken)).Any()
                && await EarlySchema.SettleAsync(context, settings.Kind, cancellationToken))
            {
                Log.IsEarly(logger);
            }

            Log.Migrating(logger, settings.Kind, string.Join(", ", pending));

            // All in one call: another gateway may apply some of them meanwhile, and a call for one of these would undo the later ones.
            using var step = progress.Begin($"Apply {pending.Count} migrations");
            await context.Database.MigrateAsync(cancellationToken);
        }

        // The mode is stored in the file: readers and the ledger's writer do not block each other.
        if (settings.Kind == DatabaseKind.Sqlite)
            await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Bringing the {Kind} database up to date: {Migrations}")]
        public static partial void Migrating(ILogger logger, DatabaseKind kind, string migrations);

        [LoggerMessage(2, LogLevel.Warning, "The database is from a build before 2026-11-26. It got the schema of later builds, and that build cannot use it any more.")]
        public static partial void IsEarly(ILogger logger);
    }
}
