using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AiGateway.Infrastructure.Persistence.Engines;

/// <summary>How each engine's context reaches its database.</summary>
internal static class ContextOptions
{
    // SQLite changes a table by a copy, with foreign keys off, which no transaction can hold. The warning about it says nothing
    // that a person who starts a gateway could act on.
    public static DbContextOptionsBuilder<SqliteContext> Sqlite(SqliteFile file) => new DbContextOptionsBuilder<SqliteContext>()
        .UseSqlite(file.ConnectionString)
        .AddInterceptors(new SqliteFileInterceptor(file))
        .ConfigureWarnings(static warnings => warnings.Ignore(RelationalEventId.NonTransactionalMigrationOperationWarning));

    public static DbContextOptionsBuilder<SqlServerContext> SqlServer(string connectionString) =>
        new DbContextOptionsBuilder<SqlServerContext>().UseSqlServer(
            connectionString, server => server.ExecutionStrategy(dependencies => new SqlServerRetries(dependencies)));

    public static DbContextOptionsBuilder<PostgresContext> Postgres(string connectionString) =>
        new DbContextOptionsBuilder<PostgresContext>().UseNpgsql(connectionString);
}
