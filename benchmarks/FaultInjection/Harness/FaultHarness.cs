using AiGateway.Infrastructure.Persistence;
using AiGateway.StandIn.Replies;
using AiGateway.Testing;
using Microsoft.Data.Sqlite;

namespace AiGateway.FaultInjection.Harness;

/// <summary>The parts of a scenario: a provider, an empty database, and gateways that share both.</summary>
internal sealed class FaultHarness : IAsyncDisposable
{
    /// <summary>The lease of holds in the scenarios. A hold of a dead gateway expires after this time.</summary>
    public static readonly TimeSpan HoldLease = TimeSpan.FromSeconds(3);

    private readonly string _folder;

    private FaultHarness(string folder, Provider provider, LedgerRows ledger, Fleet fleet)
    {
        (_folder, Provider, Ledger, Fleet) = (folder, provider, ledger, fleet);
        Administrator = new Administrator(fleet);
    }

    public Provider Provider { get; }

    public LedgerRows Ledger { get; }

    public Fleet Fleet { get; }

    public Administrator Administrator { get; }

    public Sender Sender { get; } = new();

    /// <summary>A harness with one gateway on a new SQLite file.</summary>
    /// <param name="more">Further settings of the gateway.</param>
    public static async Task<FaultHarness> OnSqliteAsync(params (string Name, string Value)[] more)
    {
        var folder = NewFolder();
        var connectionString = $"Data Source={Path.Combine(folder, "ledger.db")}";
        return await OpenAsync(folder, new LedgerRows(DatabaseKind.Sqlite, connectionString), 1, _ => connectionString, more: more);
    }

    /// <summary>A harness with gateways on a new PostgreSQL database.</summary>
    /// <param name="server">The database server.</param>
    /// <param name="gateways">The number of gateways that share the database.</param>
    /// <param name="portOf">The port by which a gateway reaches the server; null for the server's own.</param>
    /// <param name="timeouts">The time-outs of the gateways; null for the defaults.</param>
    public static async Task<FaultHarness> OnPostgresAsync(
        PostgresServer server, int gateways, Func<int, int?>? portOf = null, Timeouts? timeouts = null)
    {
        var name = $"scenario_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
        await server.CreateDatabaseAsync(name);
        return await OpenAsync(
            NewFolder(), new LedgerRows(DatabaseKind.Postgres, server.ConnectionString(name)), gateways,
            place => server.ConnectionString(name, portOf?.Invoke(place)) + ";Maximum Pool Size=20", timeouts);
    }

    /// <summary>A harness with gateways on a new database of a SQL Server.</summary>
    /// <param name="database">The database. It outlives the harness.</param>
    /// <param name="gateways">The number of gateways that share the database.</param>
    public static Task<FaultHarness> OnSqlServerAsync(SqlServerDatabase database, int gateways) => OpenAsync(
        NewFolder(), new LedgerRows(DatabaseKind.SqlServer, database.ConnectionString), gateways, _ => database.ConnectionString);

    /// <summary>Answers as providers do: some replies at once, some late, and streams piece by piece.</summary>
    public static ReplyPlan Lively(string name) => new()
    {
        Wait = TimeSpan.FromMilliseconds(Random.Shared.Next(0, 40)),
        Gap = TimeSpan.FromMilliseconds(Random.Shared.Next(0, 20)),
        Chunks = Random.Shared.Next(1, 20),
    };

    public async ValueTask DisposeAsync()
    {
        await Fleet.DisposeAsync();
        await Provider.DisposeAsync();
        Administrator.Dispose();
        Sender.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<FaultHarness> OpenAsync(
        string folder, LedgerRows ledger, int gateways, Func<int, string> connectionStringOf, Timeouts? timeouts = null,
        (string Name, string Value)[]? more = null)
    {
        var provider = await Provider.StartAsync();
        provider.Plan = Lively;
        var fleet = new Fleet(gateways, place => GatewayProcess.ServeAsync(
            folder, [.. Settings(provider, ledger.Kind, connectionStringOf(place), timeouts ?? new()), .. more ?? []]));
        var harness = new FaultHarness(folder, provider, ledger, fleet);
        try
        {
            // All gateways start at once on an empty database.
            await fleet.StartAllAsync();
            return harness;
        }
        catch
        {
            await harness.DisposeAsync();
            throw;
        }
    }

    private static (string Name, string Value)[] Settings(
        Provider provider, DatabaseKind kind, string connectionString, Timeouts timeouts) =>
    [
        ("ASPNETCORE_ENVIRONMENT", "Production"),
        ("OPENAI_API_KEY", "any"),
        ("OPENAI_BASE_URL", provider.BaseUrl.ToString()),

        // The provider counts its calls.
        ("AI_GATEWAY_CHECK_INTERVAL", "0"),
        ("OPENAI_MODEL", "gpt-6-luna"),
        ("AI_GATEWAY_BOOTSTRAP_KEY", Administrator.Key),
        ("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "1000000"),
        ("AI_GATEWAY_REQUEST_TIMEOUT", $"{timeouts.Request.TotalMilliseconds:0}"),
        ("AI_GATEWAY_DRAIN_TIMEOUT", $"{timeouts.Request.TotalMilliseconds:0}"),
        ("AI_GATEWAY_HOLD_LEASE", $"{HoldLease.TotalMilliseconds:0}"),
        ("AI_GATEWAY_LEDGER_TIMEOUT", $"{timeouts.Ledger.TotalMilliseconds:0}"),
        ("Database__Provider", kind.ToString()),
        ("ConnectionStrings__Gateway", connectionString),
        ("AI_QUOTA_DAILY_LIMIT", "unlimited"),
        ("AI_QUOTA_MONTHLY_LIMIT", "unlimited"),
        ("AI_QUOTA_MONTHLY_SPEND_LIMIT", "unlimited"),
        // The gateways run for seconds only, and profiling would cost more than it gains.
        ("DOTNET_TieredPGO", "0"),
        ("Logging__LogLevel__Default", "Error"),
        ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"),
    ];

    private static string NewFolder() => Directory.CreateTempSubdirectory("aigateway-faults-").FullName;
}

/// <summary>The time-outs of the gateways.</summary>
internal sealed record Timeouts
{
    /// <summary>The time-out of the ledger.</summary>
    public TimeSpan Ledger { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time-out of one call to the provider, and of the drain. A stop takes at most ten seconds more.</summary>
    public TimeSpan Request { get; init; } = TimeSpan.FromSeconds(30);
}
