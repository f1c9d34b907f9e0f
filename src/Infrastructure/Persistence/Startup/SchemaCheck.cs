using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AiGateway.Infrastructure.Persistence.Startup;

/// <summary>Tells whether a database has every migration of this build.</summary>
internal static class SchemaCheck
{
    // The project file writes one for each migration.
    private const string Key = "Migration:";

    /// <summary>The ids of the migrations of an engine in this build.</summary>
    public static IReadOnlyList<string> MigrationsOf(DatabaseKind kind) =>
    [
        .. typeof(SchemaCheck).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Where(each => each.Key == Key + kind)
            .Select(static each => each.Value!),
    ];

    /// <summary>
    /// Whether the schema is current. False also where the database refuses the question, and on SQL Server, whose retries
    /// need Entity Framework in any case.
    /// </summary>
    /// <exception cref="DbException">The database does not answer.</exception>
    public static async Task<bool> IsCurrentAsync(
        IDbContextFactory<GatewayContext> contexts, DatabaseKind kind, CancellationToken cancellationToken)
    {
        if (kind == DatabaseKind.SqlServer) return false;
        try
        {
            // While another gateway migrates, the answer comes when it is done.
            var applied = await contexts.ReadAsync(
                """SELECT "MigrationId" FROM "__EFMigrationsHistory" """, [], static row => row.GetString(0), cancellationToken, TimeSpan.Zero);
            return MigrationsOf(kind) is { Count: > 0 } known && !known.Except(applied, StringComparer.Ordinal).Any();
        }
        catch (Exception refusal) when (refusal is SqliteException or PostgresException)
        {
            // A new database has no such table. What else is wrong, the migration tells.
            return false;
        }
    }
}
