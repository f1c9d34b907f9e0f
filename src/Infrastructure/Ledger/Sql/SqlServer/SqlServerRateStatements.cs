using AiGateway.Infrastructure.Persistence.Engines;

namespace AiGateway.Infrastructure.Ledger.Sql.SqlServer;

/// <summary>
/// The statements of <see cref="SqlServerLedgerStatements"/> with the parts for rates. Their form is that of users' counters.
/// </summary>
internal static class SqlServerRateStatements
{
    /// <summary>
    /// As <see cref="SqlServerLedgerStatements.LockCounters"/>, and @rates: place, scope, metric, in the order of locking. Also
    /// returns place and tat, then the clock.
    /// </summary>
    public const string LockCountersAndRates = $"""
        {SqlServerLedgerStatements.LockCounters}
        {Lock}
        SELECT {DatabaseClock.SqlServer};
        """;

    /// <summary>As <see cref="SqlServerLedgerStatements.Finish"/>, and @rates: place, scope, metric, tat.</summary>
    public const string FinishWithRates = $"""
        {SqlServerLedgerStatements.SaveAll}
        {Save}
        {SqlServerLedgerStatements.Commit};
        """;

    private const string Lock = """
        DECLARE @rate_keys TABLE (place int NOT NULL PRIMARY KEY, scope uniqueidentifier NOT NULL, metric int NOT NULL);
        INSERT INTO @rate_keys (place, scope, metric)
        SELECT place, scope, metric
        FROM OPENJSON(@rates) WITH (place int '$.place', scope uniqueidentifier '$.scope', metric int '$.metric');

        DECLARE @rates_locked TABLE (scope uniqueidentifier NOT NULL, metric int NOT NULL, tat bigint NOT NULL, PRIMARY KEY (scope, metric));
        DECLARE @rate_place int = 1, @rate_count int, @rate_scope uniqueidentifier, @rate_metric int;
        SELECT @rate_count = COUNT(*) FROM @rate_keys;
        WHILE @rate_place <= @rate_count
        BEGIN
          SELECT @rate_scope = scope, @rate_metric = metric FROM @rate_keys WHERE place = @rate_place;
          UPDATE rates WITH (UPDLOCK, ROWLOCK) SET tat = tat
          OUTPUT inserted.scope_id, inserted.metric, inserted.tat INTO @rates_locked (scope, metric, tat)
          WHERE scope_id = @rate_scope AND metric = @rate_metric;
          SET @rate_place = @rate_place + 1;
        END;

        SELECT keys.place, locked.tat
        FROM @rates_locked AS locked JOIN @rate_keys AS keys ON keys.scope = locked.scope AND keys.metric = locked.metric;
        """;

    private const string Save = """
        DECLARE @rates_to_save TABLE (
          place int NOT NULL PRIMARY KEY, scope uniqueidentifier NOT NULL, metric int NOT NULL, tat bigint NOT NULL);
        INSERT INTO @rates_to_save (place, scope, metric, tat)
        SELECT place, scope, metric, tat
        FROM OPENJSON(@rates) WITH (
          place int '$.place', scope uniqueidentifier '$.scope', metric int '$.metric', tat bigint '$.tat');

        DECLARE @rate_place int = 1, @rate_count int, @rate_scope uniqueidentifier, @rate_metric int, @tat bigint;
        SELECT @rate_count = COUNT(*) FROM @rates_to_save;
        WHILE @rate_place <= @rate_count
        BEGIN
          SELECT @rate_scope = scope, @rate_metric = metric, @tat = tat FROM @rates_to_save WHERE place = @rate_place;
          UPDATE rates SET tat = @tat WHERE scope_id = @rate_scope AND metric = @rate_metric;
          SET @rate_place = @rate_place + 1;
        END;
        """;
}
