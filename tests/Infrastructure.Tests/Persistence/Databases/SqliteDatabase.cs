using AiGateway.Infrastructure.Persistence;
using Microsoft.Data.Sqlite;

namespace AiGateway.Infrastructure.Tests.Persistence.Databases;

internal sealed class SqliteDatabase : TestDatabase
{
    private static readonly Lazy<Task<string>> Template = new(CreateTemplateAsync);

    private readonly string _folder;

    private SqliteDatabase(string folder)
        : base(DatabaseKind.Sqlite, $"Data Source={Path.Combine(folder, "ledger.db")}") => _folder = folder;

    public static async Task<TestDatabase> CreateAsync()
    {
        var template = await Template.Value;
        var folder = Directory.CreateTempSubdirectory("aigateway-").FullName;
        System.IO.File.Copy(template, Path.Combine(folder, "ledger.db"));
        return new SqliteDatabase(folder);
    }

    public override Task<IAsyncDisposable> LockAsync() =>
        HoldTransactionAsync(new SqliteConnection($"{Settings.ConnectionString};Pooling=False"), "BEGIN IMMEDIATE");

    public override ValueTask DisposeAsync()
    {
        File.Dispose();
        SqliteConnection.ClearPool(new SqliteConnection(File.ConnectionString));
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
