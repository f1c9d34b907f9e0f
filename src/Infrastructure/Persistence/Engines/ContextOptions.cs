using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Engines;

/// <summary>How each engine's context reaches its database.</summary>
internal static class ContextOptions
{
    public static DbContextOptionsBuilder<SqliteContext> Sqlite(SqliteFile file) =>
        new DbContextOptionsBuilder<SqliteContext>().UseSqlite(file.ConnectionString).AddInterceptors(new SqliteFileInterceptor(file));

    public static DbContextOptionsBuilder<SqlServerContext> SqlServer(string connectionString) =>
        new DbContextOptionsBuilder<SqlServerContext>().UseSqlServer(
            connectionString, server => server.ExecutionStrategy(dependencies => new SqlServerRetries(dependencies)));

    public static DbContextOptionsBuilder<PostgresContext> Postgres(string connectionString) =>
        new DbContextOptionsBuilder<PostgresContext>().UseNpgsql(connectionString);
}
