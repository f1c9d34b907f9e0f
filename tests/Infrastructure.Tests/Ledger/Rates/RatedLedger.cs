using AiGateway.Application.Administration;
using AiGateway.Application.Budgets;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores.Budgets;
using Npgsql;

namespace AiGateway.Infrastructure.Tests.Ledger.Rates;

/// <summary>
/// A ledger with rates, whose time goes on only when the test says so. In PostgreSQL a function of the test's own hides the
/// clock of the database: the search path names its schema before that of the system.
/// </summary>
internal static class RatedLedger
{
    public static async Task<TestLedger> OpenAsync(DatabaseKind kind, bool started = true)
    {
        var ledger = await TestLedger.OpenAsync(kind, started: false, alone: true);
        if (kind == DatabaseKind.Postgres) await HideClockAsync(ledger);
        if (started) await ledger.StartAsync();
        return ledger;
    }

    public static IRateStore Rates(this TestLedger ledger) => new RateStore(ledger.Database.Contexts, ledger.Clock);

    public static Task SetRatesAsync(this TestLedger ledger, ScopeKind kind, Guid id, long? requests = null, long? tokens = null) =>
        ledger.Rates().ReplaceAsync(kind, id, new RateAmounts(requests, tokens), Actor.Operator, ledger.Clock.GetUtcNow(), CancellationToken.None);

    /// <summary>What is left of the rates of a scope: requests, then tokens.</summary>
    public static async Task<IReadOnlyList<long>> LeftAsync(this TestLedger ledger, Guid scope)
    {
        await ledger.FlushAsync();
        return [.. (await ledger.Rates().ReadAsync([scope], CancellationToken.None)).Select(state => state.Capacity)];
    }

    /// <summary>Moves the clock of the gateway, and that of the database.</summary>
    public static async Task PassAsync(this TestLedger ledger, TimeSpan time)
    {
        if (time > TimeSpan.Zero) ledger.Clock.Advance(time);
        else ledger.Clock.AdjustTime(ledger.Clock.GetUtcNow() + time);
        if (ledger.Database.Settings.Kind == DatabaseKind.Postgres)
            await RunAsync(ledger, FormattableString.Invariant($"UPDATE clock.instant SET at = at + interval '{time.TotalMilliseconds} milliseconds'"));
    }

    public static Hold OfTokens(this Hold hold, long tokens) => hold with { HeldTokens = tokens };

    /// <summary>A settlement with so many tokens.</summary>
    public static Settlement Used(Guid id, long tokens) => TestLedger.Settled(id, 1) with { Usage = new TokenUsage(tokens, 0, 0, 0, 0) };

    private static async Task HideClockAsync(TestLedger ledger)
    {
        var name = new NpgsqlConnectionStringBuilder(ledger.Database.Settings.ConnectionString).Database;
        await RunAsync(ledger, $"""
            CREATE SCHEMA clock;
            CREATE TABLE clock.instant (at timestamptz NOT NULL);
            INSERT INTO clock.instant VALUES ('{ledger.Clock.GetUtcNow():O}');
            CREATE FUNCTION clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT at FROM clock.instant';
            ALTER DATABASE {name} SET search_path = public, clock, pg_catalog;
            """);

        // Connections that are open already keep their search path.
        NpgsqlConnection.ClearPool(new NpgsqlConnection(ledger.Database.Settings.ConnectionString));
    }

    private static async Task RunAsync(TestLedger ledger, string sql)
    {
        await using var connection = new NpgsqlConnection($"{ledger.Database.Settings.ConnectionString};Pooling=False");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
