using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore;

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

    /// <summary>Whether the schema is current. False also when the database does not answer.</summary>
    public static async Task<bool> IsCurrentAsync(
        IDbContextFactory<GatewayContext> contexts, DatabaseKind kind, CancellationToken cancellationToken)
    {
        try
        {
            var applied = await contexts.ReadAsync(
                """SELECT "MigrationId" FROM "__EFMigrationsHistory" """, [], static row => row.GetString(0), cancellationToken);
            return MigrationsOf(kind) is { Count: > 0 } known && !known.Except(applied, StringComparer.Ordinal).Any();
        }
        catch (DbException)
        {
            // A new database has no such table. If it does not answer, the migration says why.
            return false;
        }
    }
}
