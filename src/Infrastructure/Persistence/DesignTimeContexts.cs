using Microsoft.EntityFrameworkCore.Design;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>For <c>scripts/add-migration.sh</c>: a migration is made from the model alone, without a connection.</summary>
internal sealed class DesignTimeSqliteContext : IDesignTimeDbContextFactory<SqliteContext>
{
    public SqliteContext CreateDbContext(string[] args) => new(ContextOptions.Sqlite(new SqliteFile(new DatabaseSettings())).Options);
}

/// <inheritdoc cref="DesignTimeSqliteContext"/>
internal sealed class DesignTimeSqlServerContext : IDesignTimeDbContextFactory<SqlServerContext>
{
    public SqlServerContext CreateDbContext(string[] args) => new(ContextOptions.SqlServer("Server=design").Options);
}

/// <inheritdoc cref="DesignTimeSqliteContext"/>
internal sealed class DesignTimePostgresContext : IDesignTimeDbContextFactory<PostgresContext>
{
    public PostgresContext CreateDbContext(string[] args) => new(ContextOptions.Postgres("Host=design").Options);
}
