using AiGateway.Infrastructure.Persistence;
using AiGateway.Testing;
using Npgsql;

namespace AiGateway.Infrastructure.Tests.Persistence.Databases;

internal sealed class PostgresDatabase : TestDatabase
{
    private const string TemplateName = "template_books";
    private static readonly Lazy<Task> Template = new(CreateTemplateAsync);
    private static int _count;

    private readonly string _name;

    private PostgresDatabase(string name)
        : base(DatabaseKind.Postgres, PostgresServer.Instance.Value!.ConnectionString(name)) => _name = name;

    public static async Task<TestDatabase> CreateAsync()
    {
        if (PostgresServer.Instance.Value is null) Assert.Ignore("PostgreSQL is not installed on this machine.");
        await Template.Value;
        var name = $"books_{Interlocked.Increment(ref _count)}";
        await RunAsync($"CREATE DATABASE {name} TEMPLATE {TemplateName}");
        return new PostgresDatabase(name);
    }

    public override Task<IAsyncDisposable> LockAsync() => HoldTransactionAsync(
        new NpgsqlConnection($"{Settings.ConnectionString};Pooling=False"),
        "BEGIN", "LOCK TABLE usage_records, quota_counters IN EXCLUSIVE MODE");

    public override ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearPool(new NpgsqlConnection(Settings.ConnectionString));
        return new ValueTask(RunAsync($"DROP DATABASE {_name} WITH (FORCE)"));
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
