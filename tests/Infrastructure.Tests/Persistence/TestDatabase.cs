using System.Data.Common;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Servers;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AiGateway.Infrastructure.Tests.Persistence;

/// <summary>A real, migrated, empty database of its own for one test.</summary>
internal abstract class TestDatabase : IAsyncDisposable
{
    protected TestDatabase(DatabaseKind kind, string connectionString)
    {
        Settings = new DatabaseSettings { Kind = kind, ConnectionString = connectionString };
        Contexts = new GatewayContextFactory(Settings, NullLoggerFactory.Instance);
    }

    /// <summary>The engines that tests can have for real.</summary>
    public static DatabaseKind[] Kinds => [DatabaseKind.Sqlite, DatabaseKind.Postgres];

    public DatabaseSettings Settings { get; }

    public IDbContextFactory<GatewayContext> Contexts { get; }

    /// <summary>For PostgreSQL the test is skipped, with the reason, where its programs are not installed.</summary>
    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind = DatabaseKind.Sqlite) =>
        kind == DatabaseKind.Postgres ? await PostgresDatabase.CreateAsync() : await SqliteDatabase.CreateAsync();

    /// <summary>Keeps all other writers, but no readers, out until disposed.</summary>
    public abstract Task<IAsyncDisposable> LockAsync();

    /// <summary>Runs SQL past the gateway, as somebody with a database client would.</summary>
    public async Task TamperAsync(string sql)
    {
        await using var context = await Contexts.CreateDbContextAsync();
        Assert.That(await context.Database.ExecuteSqlRawAsync(sql), Is.GreaterThan(0), sql);
    }

    public abstract ValueTask DisposeAsync();

    internal static async Task MigrateAsync(DatabaseSettings settings)
    {
        var contexts = new GatewayContextFactory(settings, NullLoggerFactory.Instance);
        var sqliteLock = new SqliteMigrationLock(TimeProvider.System, NullLogger<SqliteMigrationLock>.Instance);
        await new DatabaseMigrator(contexts, settings, sqliteLock, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(CancellationToken.None);
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

internal sealed class SqliteDatabase : TestDatabase
{
    private static readonly Lazy<Task<string>> Template = new(CreateTemplateAsync);

    private readonly string _folder;

    private SqliteDatabase(string folder)
        : base(DatabaseKind.Sqlite, $"Data Source={Path.Combine(folder, "books.db")}") => _folder = folder;

    public static async Task<TestDatabase> CreateAsync()
    {
        var template = await Template.Value;
        var folder = Directory.CreateTempSubdirectory("aigateway-").FullName;
        File.Copy(template, Path.Combine(folder, "books.db"));
        return new SqliteDatabase(folder);
    }

    public override Task<IAsyncDisposable> LockAsync() =>
        HoldTransactionAsync(new SqliteConnection($"{Settings.ConnectionString};Pooling=False"), "BEGIN IMMEDIATE");

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearPool(new SqliteConnection(Settings.ConnectionString));
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<string> CreateTemplateAsync()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("aigateway-").FullName, "template.db");
        await MigrateAsync(new DatabaseSettings { ConnectionString = $"Data Source={file};Pooling=False" });
        return file;
    }
}

internal sealed class PostgresDatabase : TestDatabase
{
    private const string TemplateName = "template_books";
    private static readonly Lazy<Task> Template = new(CreateTemplateAsync);
    private static int _count;

    private PostgresDatabase(string connectionString)
        : base(DatabaseKind.Postgres, connectionString)
    {
    }

    public static async Task<TestDatabase> CreateAsync()
    {
        if (PostgresServer.Instance.Value is null) Assert.Ignore("PostgreSQL's programs are not installed here.");
        await Template.Value;
        var name = $"books_{Interlocked.Increment(ref _count)}";
        await RunAsync($"CREATE DATABASE {name} TEMPLATE {TemplateName}");
        return new PostgresDatabase(PostgresServer.Instance.Value!.ConnectionString(name));
    }

    public override Task<IAsyncDisposable> LockAsync() => HoldTransactionAsync(
        new NpgsqlConnection($"{Settings.ConnectionString};Pooling=False"),
        "BEGIN", "LOCK TABLE usage_records, quota_counters IN EXCLUSIVE MODE");

    public override ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearPool(new NpgsqlConnection(Settings.ConnectionString));
        return ValueTask.CompletedTask;
    }

    private static async Task CreateTemplateAsync()
    {
        await RunAsync($"CREATE DATABASE {TemplateName}");
        await MigrateAsync(new DatabaseSettings
        {
            Kind = DatabaseKind.Postgres,
            ConnectionString = PostgresServer.Instance.Value!.ConnectionString(TemplateName) + ";Pooling=False",
        });
    }

    private static async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresServer.Instance.Value!.ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
