namespace AiGateway.Infrastructure.Ledger.Sql.SqlServer;

/// <summary>
/// The parts of <see cref="SqlServerLedgerStatements"/> for the counters of budgets. Their form is that of users' counters.
/// </summary>
internal static class SqlServerBudgetStatements
{
    /// <summary>Budgets change only while no transaction that decided by them is open.</summary>
    public const string Keep = """
        DECLARE @kept int;
        EXEC @kept = sp_getapplock @Resource = 'aigateway-Budgets', @LockMode = 'Shared', @LockOwner = 'Transaction', @LockTimeout = -1;
        IF @kept < 0 THROW 51000, 'The lock of the budgets was not granted.', 1;
        """;

    /// <summary>
    /// @budgets: place, id, window, start, whether a missing row is added, kind, scope, model, end user; in the order of
    /// locking. Returns place and the six figures; missing rows that are not added are left out.
    /// </summary>
    public const string Lock = $"""
        DECLARE @budget_keys TABLE (
          n int NOT NULL PRIMARY KEY, place int NOT NULL, id uniqueidentifier NOT NULL, code int NOT NULL, start int NOT NULL,
          is_added bit NOT NULL, kind int NOT NULL, scope uniqueidentifier NOT NULL, model nvarchar(4000) NULL, end_user nvarchar(4000) NULL);
        INSERT INTO @budget_keys (n, place, id, code, start, is_added, kind, scope, model, end_user)
        SELECT ROW_NUMBER() OVER (ORDER BY place), place, id, code, start, is_added, kind, scope, model, end_user
        FROM OPENJSON(@budgets) WITH (
          place int '$.place', id uniqueidentifier '$.id', code int '$.window', start int '$.start', is_added bit '$.added',
          kind int '$.kind', scope uniqueidentifier '$.scope', model nvarchar(4000) '$.model', end_user nvarchar(4000) '$.endUser');

        DECLARE @budgets_locked TABLE (
          id uniqueidentifier NOT NULL, code int NOT NULL, start int NOT NULL, requests bigint NOT NULL, in_flight bigint NOT NULL,
          settled_tokens bigint NOT NULL, held_tokens bigint NOT NULL, settled bigint NOT NULL, held bigint NOT NULL,
          PRIMARY KEY (id, code, start));
        DECLARE @budget_n int = 1, @budget_count int, @budget uniqueidentifier, @budget_code int, @budget_start int, @is_added bit;
        SELECT @budget_count = COUNT(*) FROM @budget_keys;
        WHILE @budget_n <= @budget_count
        BEGIN
          SELECT @budget = id, @budget_code = code, @budget_start = start, @is_added = is_added FROM @budget_keys WHERE n = @budget_n;
          {LockOne};
          IF @@ROWCOUNT = 0 AND @is_added = 1
          BEGIN
            SET XACT_ABORT OFF;
            BEGIN TRY
              INSERT INTO budget_counters (
                id, window_code, start, scope_kind, scope_id, model, end_user,
                requests, in_flight, settled_tokens, held_tokens, settled_nano_usd, held_nano_usd)
              SELECT id, code, start, kind, scope, model, end_user, 0, 0, 0, 0, 0, 0 FROM @budget_keys WHERE n = @budget_n;
            END TRY
            BEGIN CATCH
              IF XACT_STATE() <> 1 OR ERROR_NUMBER() NOT IN (2601, 2627) THROW;
            END CATCH;
            SET XACT_ABORT ON;
            {LockOne};
          END;

          SET @budget_n = @budget_n + 1;
        END;

        SELECT keys.place, locked.requests, locked.in_flight, locked.settled_tokens, locked.held_tokens, locked.settled, locked.held
        FROM @budgets_locked AS locked
        JOIN @budget_keys AS keys ON keys.id = locked.id AND keys.code = locked.code AND keys.start = locked.start;
        """;

    /// <summary>
    /// @budgets: id, window, start, the six figures, and requests, settled and held as they were when the row was locked. A row
    /// that differs ends the transaction.
    /// </summary>
    public const string Save = """
        DECLARE @budgets_to_save TABLE (
          n int NOT NULL PRIMARY KEY, id uniqueidentifier NOT NULL, code int NOT NULL, start int NOT NULL, requests bigint NOT NULL,
          in_flight bigint NOT NULL, settled_tokens bigint NOT NULL, held_tokens bigint NOT NULL, settled bigint NOT NULL,
          held bigint NOT NULL, was_requests bigint NOT NULL, was_settled bigint NOT NULL, was_held bigint NOT NULL);
        INSERT INTO @budgets_to_save (
          n, id, code, start, requests, in_flight, settled_tokens, held_tokens, settled, held, was_requests, was_settled, was_held)
        SELECT
          ROW_NUMBER() OVER (ORDER BY place), id, code, start, requests, in_flight, settled_tokens, held_tokens, settled, held,
          was_requests, was_settled, was_held
        FROM OPENJSON(@budgets) WITH (
          place int '$.place', id uniqueidentifier '$.id', code int '$.window', start int '$.start', requests bigint '$.requests',
          in_flight bigint '$.inFlight', settled_tokens bigint '$.settledTokens', held_tokens bigint '$.heldTokens',
          settled bigint '$.settled', held bigint '$.held', was_requests bigint '$.wasRequests', was_settled bigint '$.wasSettled',
          was_held bigint '$.wasHeld');

        DECLARE
          @budget_n int = 1, @budget_count int, @budget uniqueidentifier, @budget_code int, @budget_start int, @in_flight bigint,
          @settled_tokens bigint, @held_tokens bigint, @budget_requests bigint, @budget_settled bigint, @budget_held bigint,
          @budget_was_requests bigint, @budget_was_settled bigint, @budget_was_held bigint;
        SELECT @budget_count = COUNT(*) FROM @budgets_to_save;
        WHILE @budget_n <= @budget_count
        BEGIN
          SELECT
            @budget = id, @budget_code = code, @budget_start = start, @budget_requests = requests, @in_flight = in_flight,
            @settled_tokens = settled_tokens, @held_tokens = held_tokens, @budget_settled = settled, @budget_held = held,
            @budget_was_requests = was_requests, @budget_was_settled = was_settled, @budget_was_held = was_held
          FROM @budgets_to_save WHERE n = @budget_n;
          UPDATE budget_counters SET
            requests = @budget_requests, in_flight = @in_flight, settled_tokens = @settled_tokens, held_tokens = @held_tokens,
            settled_nano_usd = @budget_settled, held_nano_usd = @budget_held
          WHERE id = @budget AND window_code = @budget_code AND start = @budget_start AND requests = @budget_was_requests
            AND settled_nano_usd = @budget_was_settled AND held_nano_usd = @budget_was_held;
          IF @@ROWCOUNT <> 1 THROW 51205, N'A locked counter was changed by another writer.', 1;
          SET @budget_n = @budget_n + 1;
        END;
        """;

    private const string LockOne = """
        UPDATE budget_counters WITH (UPDLOCK, ROWLOCK) SET requests = requests
        OUTPUT inserted.id, inserted.window_code, inserted.start, inserted.requests, inserted.in_flight, inserted.settled_tokens,
          inserted.held_tokens, inserted.settled_nano_usd, inserted.held_nano_usd
        INTO @budgets_locked (id, code, start, requests, in_flight, settled_tokens, held_tokens, settled, held)
        WHERE id = @budget AND window_code = @budget_code AND start = @budget_start
        """;
}
