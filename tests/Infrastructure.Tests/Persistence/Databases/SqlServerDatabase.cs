using AiGateway.Infrastructure.Persistence;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiGateway.Infrastructure.Tests.Persistence.Databases;

/// <summary>
/// The database that AIGATEWAY_TEST_SQLSERVER names, as it is: none is created, missing tables are added, and each test
/// takes away the rows of the users that it made, and one that is alone the sums of days.
/// </summary>
internal sealed class SqlServerDatabase : TestDatabase
{
    public const string Variable = "AIGATEWAY_TEST_SQLSERVER";

    private static readonly Lazy<Task> Migrated = new(() => MigrateAsync(ToSettings(Given!)));

    private readonly MadeRows _made = new();

    private SqlServerDatabase(string connectionString)
        : base(DatabaseKind.SqlServer, connectionString) =>
        Contexts = new NotingContexts(new GatewayContextFactory(Settings, File, NullLoggerFactory.Instance), _made);

    private static string? Given => Environment.GetEnvironmentVariable(Variable);

    public static async Task<TestDatabase> CreateAsync(bool alone)
    {
        if (string.IsNullOrWhiteSpace(Given)) Assert.Ignore($"{Variable} holds no connection string.");
        await Migrated.Value;
        var database = new SqlServerDatabase(Given!);
        await using var context = await database.Contexts.CreateDbContextAsync();
        if (await context.UsageRecords.AnyAsync(record => record.Status == Domain.UsageStatus.Held))
            Assert.Ignore($"The database of {Variable} has requests under way, which the sweeper of a test would end.");
        if (alone && (await context.Users.AnyAsync() || await context.DailyUsage.AnyAsync() || await context.Providers.CountAsync() > 1))
            Assert.Ignore($"The database of {Variable} has other users, sums of days or providers; this test must be alone.");
        if (alone) database._made.WasEmpty = true;
        return database;
    }

    public override bool IsOurs(Guid userId) => _made.Users.Contains(userId);

    /// <summary>Updates them, since not every server that speaks the protocol knows how to lock a table.</summary>
    public override Task<IAsyncDisposable> LockAsync()
    {
        var ours = $"user_id IN ({string.Join(", ", _made.Users.Select(id => $"'{id}'"))})";
        return HoldTransactionAsync(
            new SqlConnection(new SqlConnectionStringBuilder(Settings.ConnectionString) { Pooling = false }.ToString()),
            "BEGIN TRANSACTION",
            $"UPDATE usage_records SET status = status WHERE {ours}",
            $"UPDATE quota_counters SET requests = requests WHERE {ours}");
    }

    public override async ValueTask DisposeAsync()
    {
        await using var context = await Contexts.CreateDbContextAsync();
        await _made.DeleteAsync(context);
    }

    private static DatabaseSettings ToSettings(string connectionString) =>
        new() { Kind = DatabaseKind.SqlServer, ConnectionString = connectionString };
}
