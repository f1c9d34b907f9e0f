using System.Data.Common;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Startup;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiGateway.Infrastructure.Tests.Persistence.Databases;

/// <summary>
/// A real, migrated database for one test: its own and empty, except on SQL Server, where all tests share the one that they
/// were given and take away what they made.
/// </summary>
internal abstract class TestDatabase : IAsyncDisposable
{
    protected TestDatabase(DatabaseKind kind, string connectionString)
    {
        Settings = new DatabaseSettings { Kind = kind, ConnectionString = connectionString };
        File = new SqliteFile(Settings);
        Contexts = new GatewayContextFactory(Settings, File, NullLoggerFactory.Instance);
    }

    /// <summary>The engines that tests run on.</summary>
    public static DatabaseKind[] Kinds => [DatabaseKind.Sqlite, DatabaseKind.Postgres, DatabaseKind.SqlServer];

    public DatabaseSettings Settings { get; }

    /// <summary>Says nothing where the engine is another.</summary>
    public SqliteFile File { get; }

    public IDbContextFactory<GatewayContext> Contexts { get; protected init; }

    /// <summary>The test is skipped, with the reason, where PostgreSQL's programs are not installed or no SQL Server is given.</summary>
    /// <param name="kind">The engine.</param>
    /// <param name="alone">Whether the test looks at, or changes, more than the rows of its own users.</param>
    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind = DatabaseKind.Sqlite, bool alone = true) => kind switch
    {
        DatabaseKind.SqlServer => await SqlServerDatabase.CreateAsync(alone),
        DatabaseKind.Postgres => await PostgresDatabase.CreateAsync(),
        _ => await SqliteDatabase.CreateAsync(),
    };

    /// <summary>Keeps all other writers, but no readers, out until disposed; on SQL Server all from the rows of the test's users.</summary>
    public abstract Task<IAsyncDisposable> LockAsync();

    /// <summary>Whether this user's rows are for this test to judge.</summary>
    public virtual bool IsOurs(Guid userId) => true;

    /// <summary>Runs SQL past the gateway, as somebody with a database client would.</summary>
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
        await new DatabaseMigrator(contexts, settings, file, sqliteLock, NullLogger<DatabaseMigrator>.Instance)
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
