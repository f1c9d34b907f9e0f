using AiGateway.Testing;

namespace AiGateway.SideBySide;

/// <summary>The gateway with all features on: key authentication, validation, exact quotas, and a durable ledger.</summary>
internal static class Gateway
{
    private const string Key = "agw_benchmark_0123456789abcdef0123456789";

    /// <summary>Starts a gateway with its ledger in a SQLite file in this folder.</summary>
    /// <param name="upstream">The provider.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="levels">The number of levels with budgets, as in <see cref="BudgetTree"/>.</param>
    public static Task<Target> StartOnSqliteAsync(Uri upstream, string folder, int levels = 0) =>
        StartAsync("AiGateway on SQLite", upstream, "Sqlite", $"Data Source={Path.Combine(folder, $"ledger{levels}.db")}", levels);

    /// <summary>Starts a gateway on SQLite that sends traces, metrics and logs with the default settings.</summary>
    /// <param name="upstream">The provider.</param>
    /// <param name="folder">The folder of the ledger.</param>
    /// <param name="receiver">The receiver.</param>
    public static Task<Target> StartWithTelemetryAsync(Uri upstream, string folder, Uri receiver) => StartAsync(
        "AiGateway on SQLite, telemetry on", upstream, "Sqlite", $"Data Source={Path.Combine(folder, "telemetry.db")}", levels: 0,
        ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));

    /// <summary>Starts a gateway with its ledger in a new database of this server.</summary>
    /// <inheritdoc cref="StartOnSqliteAsync"/>
    public static async Task<Target> StartOnPostgresAsync(Uri upstream, PostgresServer server, int levels = 0)
    {
        await server.CreateDatabaseAsync($"ledger{levels}");
        return await StartAsync("AiGateway on PostgreSQL", upstream, "Postgres", server.ConnectionString($"ledger{levels}"), levels);
    }

    private static async Task<Target> StartAsync(
        string name, Uri upstream, string database, string connectionString, int levels, params (string Name, string Value)[] more)
    {
        var program = Path.Combine(RepositoryRoot(), "src", "Api", "bin", "Release", "net10.0", "AiGateway.Api.dll");
        if (!File.Exists(program)) throw new FileNotFoundException("Run the benchmark with -c Release: it builds the gateway too.", program);
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["OPENAI_API_KEY"] = "none",
            ["OPENAI_BASE_URL"] = $"{upstream}v1",
            ["OPENAI_MODEL"] = "gpt-6-luna",
            ["AI_GATEWAY_BOOTSTRAP_KEY"] = Key,
            ["AI_GATEWAY_RATE_LIMIT_PER_MINUTE"] = "1000000",
            ["AI_QUOTA_DAILY_LIMIT"] = "1000000000",
            ["AI_QUOTA_MONTHLY_LIMIT"] = "1000000000",
            ["AI_QUOTA_MONTHLY_SPEND_LIMIT"] = "1000000",
            ["Database__Provider"] = database,
            ["ConnectionStrings__Gateway"] = connectionString,
            ["Logging__LogLevel__Default"] = "Warning",
            ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
        };
        foreach (var (setting, value) in more) settings[setting] = value;
        if (levels > 0) name = $"{name}, budgets at {levels} levels";
        var gateway = await Target.StartAsync(name, ["dotnet", program], settings, Key, Path.GetDirectoryName(program)!);
        if (levels > 0) gateway.Key = await BudgetTree.PlantAsync(gateway.Address, Key, levels);
        return gateway;
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AiGateway.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("AiGateway.sln is in no folder above the benchmark.");
    }
}
