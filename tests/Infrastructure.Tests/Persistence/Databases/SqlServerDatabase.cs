using AiGateway.Infrastructure.Persistence;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiGateway.Infrastructure.Tests.Persistence.Databases;

/// <summary>
/// The existing database that AIGATEWAY_TEST_SQLSERVER names. Missing tables are added. Each test deletes the rows of the users that it
/// added. A test that needs the database alone also deletes the daily sums.
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
            Assert.Ignore($"The database of {Variable} has requests under way, which the sweep of a test would expire.");
        if (alone && (await context.Users.AnyAsync() || await context.DailyUsage.AnyAsync() || await context.Providers.CountAsync() > 1))
            Assert.Ignore($"The database of {Variable} has other users, daily sums or providers. This test needs the database alone.");
        if (!alone) return database;

        // Tests beside others leave rows of the audit log behind, because a chain cannot lose some of its rows.
        await context.AdminActions.ExecuteDeleteAsync();
        database._made.WasEmpty = true;
        return database;
    }

    public override bool IsOurs(Guid userId) => _made.Users.Contains(userId);

    /// <summary>Updates the rows, because not every server that speaks the protocol can lock a table.</summary>
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
