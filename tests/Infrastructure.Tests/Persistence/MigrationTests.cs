using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Reports;
using AiGateway.Infrastructure.Persistence.Startup;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using AiGateway.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiGateway.Infrastructure.Tests.Persistence;

internal sealed class MigrationTests
{
    private static GatewayContext[] Contexts =>
    [
        new DesignTimeSqliteContext().CreateDbContext([]),
        new DesignTimeSqlServerContext().CreateDbContext([]),
        new DesignTimePostgresContext().CreateDbContext([]),
    ];

    [TestCaseSource(nameof(Contexts))]
    public void Migrations_OfEachEngine_FollowTheModel(DbContext context)
    {
        using (context) Assert.That(context.Database.HasPendingModelChanges(), Is.False, "run scripts/add-migration.sh");
    }

    [Test]
    public void Migrations_OfAllEngines_HaveTheSameNames()
    {
        var names = Contexts.Select(context => context.Database.GetMigrations().Select(id => id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..])).ToList();

        Assert.That(names[0], Is.Not.Empty);
        Assert.That(names, Has.All.EqualTo(names[0]));
    }

    [Test]
    public async Task Migrate_WhenAKilledProcessLeftItsLockBehind_Succeeds()
    {
        var folder = Directory.CreateTempSubdirectory("aigateway-");
        var settings = new DatabaseSettings { ConnectionString = $"Data Source={Path.Combine(folder.FullName, "ledger.db")};Pooling=False" };
        await using (var connection = new SqliteConnection(settings.ConnectionString))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE __EFMigrationsLock (Id INTEGER NOT NULL PRIMARY KEY, Timestamp TEXT NOT NULL);
                INSERT INTO __EFMigrationsLock VALUES (1, '2026-01-01 00:00:00+00:00');
                """;
            await command.ExecuteNonQueryAsync();
        }

        await TestDatabase.MigrateAsync(settings).WaitAsync(TimeSpan.FromSeconds(60));

        await using var context = new GatewayContextFactory(settings, new SqliteFile(settings), NullLoggerFactory.Instance).CreateDbContext();
        Assert.That(await context.Database.GetPendingMigrationsAsync(), Is.Empty);
        folder.Delete(recursive: true);
    }

    [TestCaseSource(typeof(TestDatabase), nameof(TestDatabase.Kinds))]
    public async Task Migrate_OnAnEmptyDatabase_CreatesTheTablesAndTheProvider(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var context = await database.Contexts.CreateDbContextAsync();

        var provider = await context.Providers.SingleAsync();

        Assert.That(
            (provider.Name, provider.DisplayName, provider.DefaultModel),
            Is.EqualTo(("openai", "OpenAI", "gpt-3.5-turbo")));
        Assert.That(await context.Set<UsageRecord>().CountAsync(), Is.Zero);
        Assert.That(await context.Database.GetPendingMigrationsAsync(), Is.Empty);
    }

    [Test]
    public async Task Migrate_WhenTwoProcessesStartAtOnce_BothSucceed()
    {
        var folder = Directory.CreateTempSubdirectory("aigateway-").FullName;
        var settings = new DatabaseSettings { ConnectionString = $"Data Source={Path.Combine(folder, "new.db")};Pooling=False" };
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => TestDatabase.MigrateAsync(settings))));
        await TestDatabase.MigrateAsync(settings);

        await using var context = new GatewayContextFactory(settings, new SqliteFile(settings), NullLoggerFactory.Instance).CreateDbContext();
        Assert.That(await context.Database.GetPendingMigrationsAsync(), Is.Empty);
        Assert.That(
            await context.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").SingleAsync(),
            Is.EqualTo("wal"));
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Migrate_WhenFourProcessesStartAtOnceOnPostgres_AllSucceed()
    {
        if (PostgresServer.Instance.Value is not { } server) throw new IgnoreException("PostgreSQL is not installed on this machine.");
        await server.CreateDatabaseAsync("started_at_once");
        var settings = new DatabaseSettings { Kind = DatabaseKind.Postgres, ConnectionString = server.ConnectionString("started_at_once") };

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => TestDatabase.MigrateAsync(settings))));

        await using var context = new GatewayContextFactory(settings, new SqliteFile(settings), NullLoggerFactory.Instance).CreateDbContext();
        Assert.That(await context.Database.GetPendingMigrationsAsync(), Is.Empty);
    }

    /// <summary>The other gateway holds its lock for longer than the command time-out of the operator's connection string.</summary>
    [TestCase(DatabaseKind.Postgres, "Command Timeout=1", "BEGIN; LOCK TABLE \"__EFMigrationsHistory\"; SELECT pg_sleep(3); COMMIT")]
    [TestCase(
        DatabaseKind.SqlServer, "Command Timeout=1",
        "BEGIN TRANSACTION; ALTER TABLE __EFMigrationsHistory ADD other int NULL; WAITFOR DELAY '00:00:03'; ROLLBACK TRANSACTION")]
    public async Task Migrate_WhileAnotherGatewayMigrates_Waits(DatabaseKind kind, string shortTimeout, string work)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var context = await database.Contexts.CreateDbContextAsync();
        context.Database.SetCommandTimeout(60);
        var other = context.Database.ExecuteSqlRawAsync(work);

        await TestDatabase.MigrateAsync(new DatabaseSettings
        {
            Kind = kind,
            ConnectionString = $"{database.Settings.ConnectionString};{shortTimeout};Pooling=False",
        });
        await other;
    }

    [TestCase(1)]
    [TestCase(4)]
    public async Task Migrate_WhenPostgresHasNoSuchDatabase_CreatesItOnce(int gateways)
    {
        if (PostgresServer.Instance.Value is not { } server) throw new IgnoreException("PostgreSQL is not installed on this machine.");
        var settings = new DatabaseSettings { Kind = DatabaseKind.Postgres, ConnectionString = server.ConnectionString($"absent_before_{gateways}") };

        await Task.WhenAll(Enumerable.Range(0, gateways).Select(_ => Task.Run(() => TestDatabase.MigrateAsync(settings))));

        await using var context = new GatewayContextFactory(settings, new SqliteFile(settings), NullLoggerFactory.Instance).CreateDbContext();
        Assert.That(await context.Database.GetPendingMigrationsAsync(), Is.Empty);
    }

    [Test]
    public void SqlServer_MigrationScript_IsValidTransactSql()
    {
        using var context = new DesignTimeSqlServerContext().CreateDbContext([]);
        var script = context.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);

        Assert.That(script, Does.Contain("usage_records"));
        Assert.That(TransactSql.FaultsIn(script), Is.Empty);
        Assert.That(TransactSql.FaultsIn(script.Replace("CREATE TABLE", "CREATE TABEL", StringComparison.Ordinal)), Is.Not.Empty);
    }

    /// <summary>In a database whose collation ignores case, as SQL Server's default does, two names that differ in case stay two names.</summary>
    [Test]
    public void SqlServer_EveryTextColumn_ComparesByCodePointWhateverTheDatabaseDoes()
    {
        using var context = new DesignTimeSqlServerContext().CreateDbContext([]);

        // Attempts are JSON that nothing compares.
        string[] others = ["[MigrationId]", "[ProductVersion]", "[attempts]", "DECLARE"];
        var columns = context.GetService<IMigrator>().GenerateScript().Split('\n')
            .Where(line => line.Contains(" nvarchar(", StringComparison.Ordinal) && !others.Any(other => line.Contains(other, StringComparison.Ordinal))).ToArray();

        Assert.That(columns, Has.Length.GreaterThan(30));
        Assert.That(columns.Where(line => !line.Contains("COLLATE Latin1_General_100_BIN2", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void SqlServer_EveryStatementOfTheDailyUsage_IsValidTransactSql()
    {
        foreach (var statement in DailyUsageReports.Statements) Assert.That(TransactSql.FaultsIn(statement), Is.Empty, statement);
    }
}
