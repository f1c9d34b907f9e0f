using System.Text.Json;
using AiGateway.Infrastructure.Ledger.Sql.Postgres;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Tests.Persistence.Databases;
using Npgsql;

namespace AiGateway.Infrastructure.Tests.Ledger.Engines;

/// <summary>
/// The ledger's statements are planned once, possibly on empty tables, and the plan is kept while the tables grow. The plan must therefore
/// use keys, even where that seems to gain nothing.
/// </summary>
internal sealed class PostgresPlanTests
{
    private const string Counters = "uuid[], int[], int[]";
    private const string Figures = "bigint[], bigint[], bigint[]";

    [Test]
    public async Task Plan_MadeOnEmptyTables_UsesKeysAloneAndLocksInTheirOrder(
        [Values("Renew", "Raise", "End", "EndKnown", "Expire", "AddCounters", "LockCounters", "LockKnownCounters", "SaveCounters", "AddBudgetCounters", "LockBudgetCounters", "LockKnownBudgetCounters", "SaveBudgetCounters", "LockRates", "SaveRates", "ReadLimits", "CheckLimits")] string name, [Values] bool isAnalyzed)
    {
        var (sql, types, sortKey) = name switch
        {
            "Renew" => (PostgresLedgerStatements.Renew, "uuid[], bigint", "usage_records.id"),
            "Raise" => (PostgresLedgerStatements.Raise, "uuid[], bigint[]", "usage_records.id"),
            "End" => (PostgresLedgerStatements.End, $"{Counters}, text[], text[], {Figures}, {Figures}, text[], bigint[], bigint[], text[]", "usage_records.id"),
            "EndKnown" => (PostgresLedgerStatements.EndKnown, $"{Counters}, text[], text[], {Figures}, {Figures}, text[], bigint[], bigint[], text[], {Counters}, {Figures}, uuid[], uuid[], text[], text[]", "usage_records.id"),
            "Expire" => (PostgresLedgerStatements.Expire, "bigint, bigint", null),
            "AddCounters" => (PostgresLedgerStatements.AddCounters, Counters, null),
            "LockCounters" => (PostgresLedgerStatements.LockCounters, Counters, "counter.user_id, counter.kind, counter.start"),
            "LockKnownCounters" => (PostgresLedgerStatements.LockKnownCounters, $"{Counters}, {Figures}", "counter.user_id, counter.kind, counter.start"),
            "SaveCounters" => (PostgresLedgerStatements.SaveCounters, $"{Counters}, {Figures}", null),
            "AddBudgetCounters" => (PostgresLedgerStatements.AddBudgetCounters, $"{Counters}, int[], uuid[], text[], text[]", null),
            "LockBudgetCounters" => (PostgresLedgerStatements.LockBudgetCounters, Counters, "counter.id, counter.window_code, counter.start"),
            "LockKnownBudgetCounters" => (PostgresLedgerStatements.LockKnownBudgetCounters, $"{Counters}, {Figures}, {Figures}", "counter.id, counter.window_code, counter.start"),
            "SaveBudgetCounters" => (PostgresLedgerStatements.SaveBudgetCounters, $"{Counters}, {Figures}, {Figures}", null),
            "LockRates" => (PostgresLedgerStatements.LockRates, "uuid[], int[]", "rate.scope_id, rate.metric"),
            "SaveRates" => (PostgresLedgerStatements.SaveRates, "uuid[], int[], bigint[]", null),
            "CheckLimits" => (PostgresLedgerStatements.CheckLimits, $"uuid[], boolean[], {Figures}, bigint, bigint, bigint", null),
            _ => (PostgresLedgerStatements.ReadLimits, "uuid[]", (string?)null),
        };
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await using var connection = new NpgsqlConnection($"{database.Settings.ConnectionString};Pooling=False");
        await connection.OpenAsync();
        if (isAnalyzed) await ReadAsync("VACUUM ANALYZE");
        await ReadAsync(PostgresLedgerStatements.Prepare);

        var nodes = await PlanAsync(sql, types);

        Assert.That(nodes.Where(IsTable), Is.Not.Empty);
        Assert.That(nodes.Where(IsTable).Where(node => !node.TryGetProperty("Index Cond", out _)), Is.Empty);
        Assert.That(nodes.Where(node => TypeOf(node) == "Nested Loop"), Is.Empty, "a nested loop may take quadratic time");
        if (sortKey is not null)
        {
            var below = nodes.Single(node => TypeOf(node) == "LockRows").GetProperty("Plans")[0];
            Assert.That(OrderOf(below), Is.EqualTo(sortKey));
        }

        async Task<List<JsonElement>> PlanAsync(string statement, string parameterTypes)
        {
            await ReadAsync($"PREPARE planned ({parameterTypes}) AS {statement}");
            var arguments = string.Join(", ", parameterTypes.Split(',').Select(_ => "NULL"));
            var plan = JsonDocument.Parse((string)(await ReadAsync($"EXPLAIN (FORMAT JSON) EXECUTE planned ({arguments})"))!);
            return [.. Flatten(plan.RootElement[0].GetProperty("Plan"))];
        }

        async Task<object?> ReadAsync(string command)
        {
            await using var read = new NpgsqlCommand(command, connection);
            return await read.ExecuteScalarAsync();
        }
    }

    [Test]
    public async Task Rule_ForAPlanWithoutKeys_FindsIt()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await using var connection = new NpgsqlConnection(database.Settings.ConnectionString);
        await connection.OpenAsync();
        await using var explain = new NpgsqlCommand("EXPLAIN (FORMAT JSON) SELECT id FROM usage_records WHERE cost_nano_usd = 1", connection);

        var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync())!).RootElement[0].GetProperty("Plan");

        Assert.That(Flatten(plan).Where(IsTable).Where(node => !node.TryGetProperty("Index Cond", out _)), Is.Not.Empty);
    }

    private static IEnumerable<JsonElement> Flatten(JsonElement node)
    {
        yield return node;
        if (!node.TryGetProperty("Plans", out var children)) yield break;
        foreach (var inner in children.EnumerateArray().SelectMany(Flatten)) yield return inner;
    }

    /// <summary>Whether the node looks rows up. A heap scan below a bitmap index scan uses rows that the index has already found.</summary>
    private static bool IsTable(JsonElement node) =>
        TypeOf(node) is "Seq Scan" or "Index Scan" or "Index Only Scan" or "Bitmap Index Scan" or "Tid Scan" or "Sample Scan";

    /// <summary>The order of the rows: that of a sort, or that of the index of the key.</summary>
    private static string? OrderOf(JsonElement node) => TypeOf(node) switch
    {
        "Sort" => string.Join(", ", node.GetProperty("Sort Key").EnumerateArray()),
        "Index Scan" when node.GetProperty("Index Name").GetString() == "pk_usage_records" => "usage_records.id",
        _ => null,
    };

    private static string TypeOf(JsonElement node) => node.GetProperty("Node Type").GetString()!;
}
