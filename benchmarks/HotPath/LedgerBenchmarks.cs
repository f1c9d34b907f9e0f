using AiGateway.Application;
using AiGateway.Application.Administration;
using AiGateway.Application.Budgets;
using AiGateway.Application.Ledger;
using AiGateway.Application.Routing;
using AiGateway.Application.Users;
using AiGateway.Benchmarks;
using AiGateway.Domain;
using AiGateway.Infrastructure;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Startup;
using AiGateway.Testing;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.HotPath;

/// <summary>A hold and its settlement, both committed, as one of many concurrent pairs. Both databases write each commit to the disk.</summary>
[MemoryDiagnoser]
public class LedgerBenchmarks
{
    private const int Callers = 64;
    private const int PairsACaller = 32;

    private static readonly GatewayDefaults Defaults = new() { Model = "gpt-5.5", MaxTokens = 2000, Limits = new(1_000_000_000, 1_000_000_000, long.MaxValue / 2) };

    private readonly Guid[] _users = [.. Enumerable.Range(0, Callers).Select(_ => Guid.CreateVersion7(TimeProvider.System.GetUtcNow()))];
    private readonly ScopePath _path = new(
        [.. new[] { ScopeKind.Organisation, ScopeKind.Team, ScopeKind.Project }
            .Select(static kind => new ScopeStep(kind, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), $"{kind}", "UTC"))]);
    private DirectoryInfo _folder = null!;
    private PostgresServer? _server;
    private ServiceProvider _services = null!;
    private LedgerWriter _writer = null!;
    private ILedger _ledger = null!;

    /// <summary>The engines that are installed on this machine.</summary>
    public static IEnumerable<DatabaseKind> Engines =>
        PostgresServer.IsInstalled ? [DatabaseKind.Sqlite, DatabaseKind.Postgres] : [DatabaseKind.Sqlite];

    /// <summary>The engine of the ledger.</summary>
    [ParamsSource(nameof(Engines))]
    public DatabaseKind Engine { get; set; }

    /// <summary>The number of scopes with two budgets each: project, team, organisation; 0: no scope has one.</summary>
    [Params(0, 3)]
    public int Levels { get; set; }

    /// <summary>Creates a ledger with a user for each caller, and starts the writer.</summary>
    [GlobalSetup]
    public async Task OpenAsync()
    {
        _folder = Directory.CreateTempSubdirectory("aigateway-hotpath-");
        _services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddLogging()
            .AddPersistence(await CreateDatabaseAsync())
            .AddLedger(new LedgerSettings())
            .AddApplication(Defaults, new RoutingPolicy([]))
            .BuildServiceProvider();
        await _services.MigrateDatabaseAsync(CancellationToken.None);
        var users = _services.GetRequiredService<IUserStore>();
        foreach (var id in _users)
            await users.AddAsync(new User { Id = id, Name = $"{id}", CreatedAt = TimeProvider.System.GetUtcNow() }, Actor.Operator, CancellationToken.None);
        await SetBudgetsAsync(_services.GetRequiredService<IBudgetStore>());
        _ledger = _services.GetRequiredService<ILedger>();
        _writer = _services.GetRequiredService<LedgerWriter>();
        await _writer.StartAsync(CancellationToken.None);
    }

    /// <summary>Stops the writer, verifies that the ledger balances, and deletes it.</summary>
    [GlobalCleanup]
    public async Task CloseAsync()
    {
        await _writer.StopAsync(CancellationToken.None);
        var verification = await _ledger.VerifyAsync(CancellationToken.None);
        await _services.DisposeAsync();
        _server?.Dispose();
        _folder.Delete(recursive: true);
        if (!verification.Balanced) throw new InvalidOperationException("The ledger does not balance.");
    }

    /// <summary>All callers run at once, each with one pair after the other. The figures are those of one pair.</summary>
    [Benchmark(OperationsPerInvoke = Callers * PairsACaller)]
    public Task HoldAndSettle() => Task.WhenAll(_users.Select(user => Task.Run(() => CallAsync(user))));

    private async Task CallAsync(Guid user)
    {
        for (var i = 0; i < PairsACaller; i++)
        {
            var hold = SampleOperations.NewHold(user) with { ChargeSet = ChargeSet.Of(_path, []) };
            if (!(await _ledger.HoldAsync(hold, CancellationToken.None)).IsGranted) throw new InvalidOperationException("A hold was refused.");
            await _ledger.SettleAsync(SampleOperations.NewSettlement(hold));
        }
    }

    private async Task SetBudgetsAsync(IBudgetStore store)
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var (kind, id, _, _) in _path.Steps.Reverse().Take(Levels))
        {
            Budget[] budgets =
            [
                NewBudget(kind, id, BudgetMetric.Spend, PeriodKind.Month, now), NewBudget(kind, id, BudgetMetric.Requests, PeriodKind.Day, now),
            ];
            await store.ReplaceAsync(kind, id, budgets, null, Actor.Operator, now, CancellationToken.None);
        }
    }

    private static Budget NewBudget(ScopeKind kind, Guid id, BudgetMetric metric, PeriodKind window, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        ScopeKind = kind,
        ScopeId = id,
        Metric = metric,
        WindowKind = window,
        Amount = long.MaxValue / 4,
        CountedSince = now,
    };

    private async Task<DatabaseSettings> CreateDatabaseAsync()
    {
        if (Engine == DatabaseKind.Sqlite) return new DatabaseSettings { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "ledger.db")}" };
        _server = PostgresServer.TryStart(durable: true)!;
        await _server.CreateDatabaseAsync("ledger");
        return new DatabaseSettings { Kind = Engine, ConnectionString = _server.ConnectionString("ledger") };
    }
}
