using AiGateway.FaultInjection.Harness;
using AiGateway.FaultInjection.Invariants;
using AiGateway.FaultInjection.Scenarios;
using AiGateway.Testing;

namespace AiGateway.FaultInjection;

/// <summary>All scenarios in order. Each repeats until its share of the time is used up, and runs at least once.</summary>
internal static class Suite
{
    public static async Task<IReadOnlyList<Verdict>> RunAsync(PostgresServer server, TimeSpan length, string only, Action<Verdict> tell)
    {
        var verdicts = new List<Verdict>();
        (string Name, IAsyncEnumerable<Verdict> Verdicts)[] parts =
        [
            ("Replicas", ReplicasAsync(server, length)),
            ("Crash, PostgreSQL", CrashOnPostgresAsync(server, length)),
            ("Crash, SQLite", CrashOnSqliteAsync(length)),
            ("Crash, SQL Server", CrashOnSqlServerAsync(length)),
            ("Graceful stop", StopAsync(server, length)),
            ("Lost database", LostDatabaseAsync(server, length)),
            ("Alerts", AlertsAsync(server, length)),
            ("Attack", AttackAsync(length)),
        ];
        foreach (var (name, part) in parts.Where(each => each.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            try
            {
                await foreach (var verdict in part) Add(verdict);
            }
            catch (Exception failure)
            {
                Add(new Verdict(name, "-", "-", [$"broken off: {failure.Message.Split('\n')[0]}"], [], []));
            }
        }

        return verdicts;

        void Add(Verdict verdict)
        {
            tell(verdict);
            verdicts.Add(verdict);
        }
    }

    /// <summary>Four gateways on one PostgreSQL.</summary>
    public static async IAsyncEnumerable<Verdict> ReplicasAsync(PostgresServer server, TimeSpan length)
    {
        await using var harness = await FaultHarness.OnPostgresAsync(server, FirstStartScenario.Gateways);
        yield return await new FirstStartScenario(server).RunAsync(harness, length * 0.05);
        yield return await new LimitScenario(harness).RunAsync(length * 0.05);
        yield return await new TreeScenario(harness).RunAsync(length * 0.05);
        yield return await new SpendScenario(harness).RunAsync(length * 0.05);
        yield return await new ManyUsersScenario(harness).RunAsync(length * 0.1);
        yield return await new ChangesScenario(harness).RunAsync(length * 0.05);
    }

    /// <summary>Three gateways on one PostgreSQL.</summary>
    public static async IAsyncEnumerable<Verdict> CrashOnPostgresAsync(PostgresServer server, TimeSpan length)
    {
        await using var harness = await FaultHarness.OnPostgresAsync(server, gateways: 3);
        yield return await new CrashScenario(harness).RunAsync(length * 0.2, leastKills: 3);
    }

    /// <summary>One gateway on a SQLite file.</summary>
    public static async IAsyncEnumerable<Verdict> CrashOnSqliteAsync(TimeSpan length)
    {
        await using var harness = await FaultHarness.OnSqliteAsync();
        yield return await new CrashScenario(harness).RunAsync(length * 0.15, leastKills: 2);
    }

    /// <summary>Two gateways on one SQL Server; nothing where none is given.</summary>
    public static async IAsyncEnumerable<Verdict> CrashOnSqlServerAsync(TimeSpan length)
    {
        await using var database = await SqlServerDatabase.TryCreateAsync();
        if (database is null) yield break;
        await using var harness = await FaultHarness.OnSqlServerAsync(database, gateways: 2);
        yield return await new CrashScenario(harness).RunAsync(length * 0.15, leastKills: 2);
    }

    /// <summary>Three gateways on one PostgreSQL. Two of them stop in turn, and the third stops with streams that outlast the stop.</summary>
    public static async IAsyncEnumerable<Verdict> StopAsync(PostgresServer server, TimeSpan length)
    {
        await using var harness = await FaultHarness.OnPostgresAsync(server, gateways: 3, timeouts: StopScenario.Timeouts);
        yield return await new StopScenario(harness).RunAsync(length * 0.1, leastStops: 2);
    }

    /// <summary>Two gateways on one PostgreSQL. One of them connects through a delayed connection.</summary>
    public static async IAsyncEnumerable<Verdict> LostDatabaseAsync(PostgresServer server, TimeSpan length)
    {
        await using var wire = new Wire(server.Address);
        await using var harness = await FaultHarness.OnPostgresAsync(server, gateways: 2, place => place == 0 ? null : wire.Port, LostDatabaseScenario.Timeouts);
        yield return await new LostDatabaseScenario(harness, server, wire).RunAsync(length * 0.25);
    }

    /// <summary>Three gateways on one PostgreSQL, and a receiver of webhooks.</summary>
    public static async IAsyncEnumerable<Verdict> AlertsAsync(PostgresServer server, TimeSpan length)
    {
        await using var harness = await FaultHarness.OnPostgresAsync(server, gateways: 3);
        yield return await new AlertScenario(harness).RunAsync(length * 0.05, leastKills: 3);
    }

    /// <summary>One gateway on a SQLite file, with the heap of a small container.</summary>
    public static async IAsyncEnumerable<Verdict> AttackAsync(TimeSpan length)
    {
        await using var harness = await FaultHarness.OnSqliteAsync(("DOTNET_GCHeapHardLimit", AttackScenario.HeapLimit));
        yield return await new AttackScenario(harness).RunAsync(length * 0.1);
    }
}
