using System.Data.Common;
using AiGateway.Application.Progress;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Startup;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiGateway.Infrastructure.Tests.Persistence.Databases;

/// <summary>
/// A real, migrated database for one test. It is new and empty. On SQL Server, all tests share one existing database and delete the rows
/// that they added.
/// </summary>
internal abstract class TestDatabase : IAsyncDisposable
{
    protected TestDatabase(DatabaseKind kind, string connectionString)
    {
        Settings = new DatabaseSettings { Kind = kind, ConnectionString = connectionString };
        File = new SqliteFile(Settings);
        Contexts = new GatewayContextFactory(Settings, File, NullLoggerFactory.Instance);
    }

    /// <summary>The engines on which the tests run.</summary>
    public static DatabaseKind[] Kinds => [DatabaseKind.Sqlite, DatabaseKind.Postgres, DatabaseKind.SqlServer];

    public DatabaseSettings Settings { get; }

    /// <summary>The SQLite file. It has no effect on other engines.</summary>
    public SqliteFile File { get; }

    public IDbContextFactory<GatewayContext> Contexts { get; protected init; }

    /// <summary>Creates the database. The test is skipped, with the reason, if PostgreSQL is not installed or no SQL Server is named.</summary>
    /// <param name="kind">The engine.</param>
    /// <param name="alone">Whether the test reads or changes more than the rows of its own users.</param>
    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind = DatabaseKind.Sqlite, bool alone = true) => kind switch
    {
        DatabaseKind.SqlServer => await SqlServerDatabase.CreateAsync(alone),
        DatabaseKind.Postgres => await PostgresDatabase.CreateAsync(),
        _ => await SqliteDatabase.CreateAsync(),
    };

    /// <summary>
    /// Keeps all other writers out until disposed, but no readers. On SQL Server it locks the rows of the test's users, for readers as
    /// well.
    /// </summary>
    public abstract Task<IAsyncDisposable> LockAsync();

    /// <summary>Whether the rows of this user belong to this test.</summary>
    public virtual bool IsOurs(Guid userId) => true;

    /// <summary>Runs SQL directly, as a database client would.</summary>
    public async Task TamperAsync(string sql)
    {
        await using var context = await Contexts.CreateDbContextAsync();
        Assert.That(await context.Database.ExecuteSqlRawAsync(sql), Is.GreaterThan(0), sql);
    }

    public abstract ValueTask DisposeAsync();

    internal static async Task MigrateAsync(DatabaseSettings settings)
    {
        using var file = new SqliteFile(settings);
        var contexts = new GatewayContextFactory(settings, file, NullLoggerFactory.Instance);
        var sqliteLock = new SqliteMigrationLock(TimeProvider.System, NullLogger<SqliteMigrationLock>.Instance);
        await new DatabaseMigrator(contexts, settings, file, sqliteLock, UnseenProgress.Instance, NullLogger<DatabaseMigrator>.Instance)
            .MigrateAsync(CancellationToken.None);
    }

    protected static async Task<IAsyncDisposable> HoldTransactionAsync(DbConnection connection, params string[] statements)
    {
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = statement;
            await command.ExecuteNonQueryAsync();
        }

        return connection;
    }
}
