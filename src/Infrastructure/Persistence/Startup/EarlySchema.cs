using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Startup;

/// <summary>
/// Databases of builds from before 2026-11-26. In their first schema one column has another name, and one is no longer used. They
/// get the schema that every later build has. The early build cannot use the database afterwards.
/// </summary>
internal static class EarlySchema
{
    /// <summary>Changes the columns of an early database, and nothing in another one. A change that was interrupted goes on.</summary>
    /// <returns>Whether the database was an early one.</returns>
    public static async Task<bool> SettleAsync(DbContext context, DatabaseKind kind, CancellationToken cancellationToken)
    {
        var hasOldName = await HasColumnAsync("usage_records", "model_asked");
        if (hasOldName) await context.Database.ExecuteSqlRawAsync(Rename(kind), cancellationToken);
        var hasOldSwitch = await HasColumnAsync("providers", "enabled");
        if (hasOldSwitch) await context.Database.ExecuteSqlRawAsync("ALTER TABLE providers DROP COLUMN enabled", cancellationToken);
        return hasOldName || hasOldSwitch;

        async Task<bool> HasColumnAsync(string table, string column) =>
            await context.Database.SqlQueryRaw<int>(Count(kind, table, column)).SingleAsync(cancellationToken) > 0;
    }

    private static string Count(DatabaseKind kind, string table, string column) => kind switch
    {
        DatabaseKind.Sqlite => $"SELECT CAST(count(*) AS int) AS \"Value\" FROM pragma_table_info('{table}') WHERE name = '{column}'",
        DatabaseKind.Postgres => $"{InSchema(table, column)} AND table_schema = current_schema()",
        _ => $"{InSchema(table, column)} AND TABLE_SCHEMA = SCHEMA_NAME()",
    };

    private static string InSchema(string table, string column) =>
        $"SELECT CAST(count(*) AS int) AS \"Value\" FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = '{table}' AND COLUMN_NAME = '{column}'";

    private static string Rename(DatabaseKind kind) => kind == DatabaseKind.SqlServer
        ? "EXEC sp_rename 'usage_records.model_asked', 'requested_model', 'COLUMN'"
        : "ALTER TABLE usage_records RENAME COLUMN model_asked TO requested_model";
}
