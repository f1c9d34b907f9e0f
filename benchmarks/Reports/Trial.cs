using System.Diagnostics;
using AiGateway.Application;
using AiGateway.Application.Routing;
using AiGateway.Domain;
using AiGateway.Infrastructure;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Startup;
using AiGateway.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiGateway.Reports;

/// <summary>Fills each engine with the same year and measures the operations of the gateway.</summary>
internal static class Trial
{
    private static readonly GatewayDefaults Defaults = new() { Model = "gpt-6-luna", MaxTokens = 2000, Limits = QuotaLimits.Unlimited };

    public static async Task<int> RunAsync(Options options)
    {
        var folder = Directory.CreateTempSubdirectory("aigateway-reports-");
        var columns = new List<Column>();
        try
        {
            foreach (var engine in options.Engines)
            {
                if (await CreateAsync(engine, folder.FullName) is not { } database) return Fail("PostgreSQL's programs are not installed here.");
                columns.Add(await MeasureAsync(engine, database, options, folder.FullName));
            }
        }
        finally
        {
            if (PostgresServer.Instance.IsValueCreated) PostgresServer.Instance.Value?.Dispose();
            folder.Delete(recursive: true);
        }

        var table = Table.Compose(columns, options);
        Console.WriteLine(table);
        if (options.Output is { } file) await File.WriteAllTextAsync(file, table);
        return 0;
    }

    private static async Task<Column> MeasureAsync(string engine, DatabaseSettings database, Options options, string folder)
    {
        var now = TimeProvider.System.GetUtcNow();
        var year = new Year(options.Rows, now);
        await using var services = Services(database);
        await services.MigrateDatabaseAsync(CancellationToken.None);
        var watch = Stopwatch.StartNew();
        await Fill.RunAsync(database, year);
        Console.WriteLine($"{engine}: filled in {watch.Elapsed.TotalSeconds:0} s");
        return await new Stopwatches(engine, services, year, folder).RunAsync();
    }

    private static ServiceProvider Services(DatabaseSettings database) => new ServiceCollection()
        .AddSingleton(TimeProvider.System)
        .AddLogging()
        .AddPersistence(database)
        .AddLedger(new())
        .AddApplication(Defaults, new RoutingPolicy([]))
        .BuildServiceProvider();

    private static async Task<DatabaseSettings?> CreateAsync(string engine, string folder)
    {
        if (engine == "sqlite") return new DatabaseSettings { ConnectionString = $"Data Source={Path.Combine(folder, "ledger.db")}" };
        if (PostgresServer.Instance.Value is not { } server) return null;
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "CREATE DATABASE ledger";
        await command.ExecuteNonQueryAsync();
        return new DatabaseSettings { Kind = DatabaseKind.Postgres, ConnectionString = server.ConnectionString("ledger") };
    }

    private static int Fail(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }
}
