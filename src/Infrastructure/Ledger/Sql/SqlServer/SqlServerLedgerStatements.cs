namespace AiGateway.Infrastructure.Ledger.Sql.SqlServer;

/// <summary>
/// The ledger's SQL for SQL Server and servers that speak its protocol; <see cref="ILedgerConnection"/> describes each
/// statement. Rows come as one JSON array, in one round trip. Existing rows are updated one by one, each by its whole
/// primary key, in the order of the keys. One UPDATE with a join would lock in the order of its plan, and on a small table
/// also other rows. A counter is locked by an update, with hints that keep the lock until the transaction ends: a server
/// with optimized locking keeps a row lock only while it changes the row.
/// </summary>
/// <remarks>
/// A command with parameters must end with as many transactions as it began with. So the one that commits begins the next
/// transaction, which holds no lock until its first statement, and neither BEGIN nor COMMIT takes a round trip of its own.
/// </remarks>
internal static class SqlServerLedgerStatements
{
    /// <summary>For the session. A failing statement ends the transaction, so the writer never commits half of one.</summary>
    public const string Prepare =
        "SET XACT_ABORT ON; SET NOCOUNT ON; SET TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN TRANSACTION";

    /// <summary>Commits, and begins the next transaction.</summary>
    public const string Commit = "COMMIT TRANSACTION; BEGIN TRANSACTION";

    /// <summary>Rolls back any open transaction, and begins the next one.</summary>
    public const string Rollback = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION; BEGIN TRANSACTION";

    /// <summary>The error of a counter that another writer changed although it was locked.</summary>
    public const int CounterChanged = 51205;

    /// <summary>All writes after a decision, and the commit: @holds, @lease, @counters.</summary>
    public const string Finish = $"""
        {SaveAll}
        {Commit};
        """;

    /// <summary>As <see cref="Finish"/>, without the commit.</summary>
    public const string SaveAll = $"""
        {Insert}
        {SaveCounters}
        {SqlServerBudgetStatements.Save}
        """;

    /// <summary>@rows: id; @lease.</summary>
    public const string Renew = """
        DECLARE @open TABLE (n int NOT NULL PRIMARY KEY, id uniqueidentifier NOT NULL);
        INSERT INTO @open (n, id)
        SELECT ROW_NUMBER() OVER (ORDER BY id), id FROM OPENJSON(@rows) WITH (id uniqueidentifier '$.id');

        DECLARE @n int = 1, @count int, @id uniqueidentifier;
        SELECT @count = COUNT(*) FROM @open;
        WHILE @n <= @count
        BEGIN
          SELECT @id = id FROM @open WHERE n = @n;
          UPDATE usage_records SET lease_expires_at = @lease WHERE id = @id AND status = 0;
          SET @n = @n + 1;
        END;
        """;

    /// <summary>@rows: id, how much more; returns id, then as <see cref="Record"/>.</summary>
    public const string Raise = $"""
        DECLARE @raises TABLE (n int NOT NULL PRIMARY KEY, id uniqueidentifier NOT NULL, more bigint NOT NULL);
        INSERT INTO @raises (n, id, more)
        SELECT ROW_NUMBER() OVER (ORDER BY id), id, more
        FROM OPENJSON(@rows) WITH (id uniqueidentifier '$.id', more bigint '$.more');

        DECLARE @raised TABLE (id uniqueidentifier NOT NULL, {RecordTypes});
        DECLARE @n int = 1, @count int, @id uniqueidentifier, @more bigint;
        SELECT @count = COUNT(*) FROM @raises;
        WHILE @n <= @count
        BEGIN
          SELECT @id = id, @more = more FROM @raises WHERE n = @n;
          UPDATE usage_records SET held_nano_usd = held_nano_usd + @more
          OUTPUT inserted.id, {InsertedRecord} INTO @raised (id, {Record})
          WHERE id = @id AND status = 0;
          SET @n = @n + 1;
        END;

        SELECT id, {Record} FROM @raised;
        """;

    /// <summary>@rows: place and what a settlement says; returns place, whether it was expired, then as <see cref="Record"/>.</summary>
    public const string End = $"""
        DECLARE @settlements TABLE (
          n int NOT NULL PRIMARY KEY, place int NOT NULL, was int NULL, id uniqueidentifier NOT NULL, status int NOT NULL,
          source int NOT NULL, model nvarchar(4000) NULL, provider nvarchar(4000) NULL, prompt bigint NOT NULL,
          completion bigint NOT NULL, cached bigint NOT NULL, written bigint NOT NULL, reasoning bigint NOT NULL,
          cost bigint NOT NULL, error nvarchar(4000) NULL, latency bigint NOT NULL, first bigint NULL, attempts nvarchar(max) NULL);
        INSERT INTO @settlements (
          n, place, id, status, source, model, provider, prompt, completion, cached, written, reasoning, cost, error, latency,
          first, attempts)
        SELECT
          ROW_NUMBER() OVER (ORDER BY id, place), place, id, status, source, model, provider, prompt, completion, cached, written,
          reasoning, cost, error, latency, first, attempts
        FROM OPENJSON(@rows) WITH (
          place int '$.place', id uniqueidentifier '$.id', status int '$.status', source int '$.source',
          model nvarchar(4000) '$.model', provider nvarchar(4000) '$.provider', prompt bigint '$.prompt',
          completion bigint '$.completion', cached bigint '$.cached', written bigint '$.written', reasoning bigint '$.reasoning',
          cost bigint '$.cost', error nvarchar(4000) '$.error', latency bigint '$.latency', first bigint '$.first', attempts nvarchar(max) '$.attempts');

        DECLARE @settled TABLE (
          id uniqueidentifier NOT NULL PRIMARY KEY, {RecordTypes});
        DECLARE
          @n int = 1, @count int, @was int, @id uniqueidentifier, @status int, @source int, @model nvarchar(4000),
          @provider nvarchar(4000), @prompt bigint, @completion bigint, @cached bigint, @written bigint, @reasoning bigint,
          @cost bigint, @error nvarchar(4000), @latency bigint, @first bigint, @attempts nvarchar(max);
        SELECT @count = COUNT(*) FROM @settlements;
        WHILE @n <= @count
        BEGIN
          SELECT
            @was = NULL, @id = id, @status = status, @source = source, @model = model, @provider = provider, @prompt = prompt,
            @completion = completion, @cached = cached, @written = written, @reasoning = reasoning, @cost = cost,
            @error = error, @latency = latency, @first = first, @attempts = attempts
          FROM @settlements WHERE n = @n;
          {SetEnded} WHERE id = @id AND status = 0;
          IF @@ROWCOUNT = 1
            SET @was = 0;
          ELSE
          BEGIN
            {SetEnded} WHERE id = @id AND status = 3;
            IF @@ROWCOUNT = 1 SET @was = 3;
          END;

          IF @was IS NOT NULL UPDATE @settlements SET was = @was WHERE n = @n;
          SET @n = @n + 1;
        END;

        SELECT settlement.place, settlement.was, {Record}
        FROM @settlements AS settlement JOIN @settled AS settled ON settled.id = settlement.id
        WHERE settlement.was IS NOT NULL;
        """;

    /// <summary>
    /// @now, @limit; returns as <see cref="Record"/>. Records that look expired are looked up first and expired only if they
    /// still are. The statement may wait for a gateway that renews or settles its own records at this moment. If that
    /// gateway waits for this one, the server makes one of them retry.
    /// </summary>
    public const string Expire = $"""
        DECLARE @late TABLE (n int NOT NULL PRIMARY KEY, id uniqueidentifier NOT NULL);
        INSERT INTO @late (n, id)
        SELECT ROW_NUMBER() OVER (ORDER BY id), id
        FROM (
          SELECT TOP (@limit) id FROM usage_records WHERE status = 0 AND lease_expires_at <= @now ORDER BY lease_expires_at)
          AS late;

        DECLARE @expired TABLE (
          id uniqueidentifier NOT NULL PRIMARY KEY, {RecordTypes});
        DECLARE @n int = 1, @count int, @id uniqueidentifier;
        SELECT @count = COUNT(*) FROM @late;
        WHILE @n <= @count
        BEGIN
          SELECT @id = id FROM @late WHERE n = @n;
          UPDATE usage_records
          SET status = 3, usage_source = 3, cost_nano_usd = held_nano_usd, error_code = 'expired'
          OUTPUT inserted.id, {InsertedRecord} INTO @expired (id, {Record})
          WHERE id = @id AND status = 0 AND lease_expires_at <= @now;
          SET @n = @n + 1;
        END;

        SELECT {Record} FROM @expired;
        """;

    /// <summary>
    /// @rows: place, user, kind, start, in the order of locking; @users: id; @budgets as
    /// <see cref="SqlServerBudgetStatements.Lock"/> says. Returns place, requests, settled, held; then the counters of budgets;
    /// then the epoch, and the numbers of budgets and rates; then user and the three limits. Reading first and updating later
    /// would let two writers deadlock on the same row. When another writer adds the same row at the same moment, the insert
    /// waits for it and fails; the row is there then.
    /// </summary>
    public const string LockCounters = $"""
        {SqlServerBudgetStatements.Keep}
        DECLARE @keys TABLE (place int NOT NULL PRIMARY KEY, user_id uniqueidentifier NOT NULL, kind int NOT NULL, start int NOT NULL);
        INSERT INTO @keys (place, user_id, kind, start)
        SELECT place, user_id, kind, start
        FROM OPENJSON(@rows) WITH (place int '$.place', user_id uniqueidentifier '$.user', kind int '$.kind', start int '$.start');

        DECLARE @locked TABLE (
          user_id uniqueidentifier NOT NULL, kind int NOT NULL, start int NOT NULL, requests bigint NOT NULL,
          settled bigint NOT NULL, held bigint NOT NULL, PRIMARY KEY (user_id, kind, start));
        DECLARE @place int = 1, @count int, @user uniqueidentifier, @kind int, @start int;
        SELECT @count = COUNT(*) FROM @keys;
        WHILE @place <= @count
        BEGIN
          SELECT @user = user_id, @kind = kind, @start = start FROM @keys WHERE place = @place;
          {LockCounter};
          IF @@ROWCOUNT = 0
          BEGIN
            SET XACT_ABORT OFF;
            BEGIN TRY
              INSERT INTO quota_counters (user_id, kind, start, requests, settled_nano_usd, held_nano_usd)
              VALUES (@user, @kind, @start, 0, 0, 0);
            END TRY
            BEGIN CATCH
              IF XACT_STATE() <> 1 OR ERROR_NUMBER() NOT IN (2601, 2627) THROW;
            END CATCH;
            SET XACT_ABORT ON;
            {LockCounter};
          END;

          SET @place = @place + 1;
        END;

        SELECT keys.place, locked.requests, locked.settled, locked.held
        FROM @locked AS locked
        JOIN @keys AS keys ON keys.user_id = locked.user_id AND keys.kind = locked.kind AND keys.start = locked.start;
        {SqlServerBudgetStatements.Lock}
        SELECT epoch, budgets, rates FROM budget_state;
        SELECT quota.user_id, quota.daily_requests, quota.monthly_requests, quota.monthly_spend_nano_usd
        FROM OPENJSON(@users) WITH (id uniqueidentifier '$.id') AS users
        JOIN quotas AS quota ON quota.user_id = users.id;
        """;

    private const string Record =
        "user_id, day, month, held_nano_usd, held_tokens, created_at, api_key_id, charge_set, end_user, requested_model";

    private const string InsertedRecord = "inserted.user_id, inserted.day, inserted.month, inserted.held_nano_usd, inserted.held_tokens, "
        + "inserted.created_at, inserted.api_key_id, inserted.charge_set, inserted.end_user, inserted.requested_model";

    private const string RecordTypes = "user_id uniqueidentifier NOT NULL, day int NOT NULL, month int NOT NULL, held_nano_usd bigint NOT NULL, "
        + "held_tokens bigint NULL, created_at bigint NOT NULL, api_key_id uniqueidentifier NULL, charge_set uniqueidentifier NULL, "
        + "end_user nvarchar(4000) NULL, requested_model nvarchar(4000) NOT NULL";

    /// <summary>@holds: what a hold says; @lease.</summary>
    private const string Insert = """
        INSERT INTO usage_records (
          id, user_id, api_key_id, created_at, day, month, operation, requested_model, model, provider, streamed, end_user,
          status, usage_source, prompt_tokens, completion_tokens, cached_prompt_tokens, cache_write_tokens, reasoning_tokens,
          held_nano_usd, cost_nano_usd, price_version, lease_expires_at, held_tokens, charge_set)
        SELECT
          id, user_id, key_id, created, day, month, operation, asked, model, provider, streamed, end_user, 0, 0, prompt, completion,
          0, 0, 0, held, 0, prices, @lease, tokens, charge_set
        FROM OPENJSON(@holds) WITH (
          id uniqueidentifier '$.id', user_id uniqueidentifier '$.user', key_id uniqueidentifier '$.key', created bigint '$.created',
          day int '$.day', month int '$.month', operation int '$.operation', asked nvarchar(4000) '$.asked',
          model nvarchar(4000) '$.model', provider nvarchar(4000) '$.provider', streamed bit '$.streamed',
          end_user nvarchar(4000) '$.end_user', prompt bigint '$.prompt', completion bigint '$.completion', held bigint '$.held',
          prices nvarchar(4000) '$.prices', tokens bigint '$.tokens', charge_set uniqueidentifier '$.chargeSet');
        """;

    /// <summary>
    /// @counters: place, user, kind, start, requests, settled, held, and the last three as they were when the row was
    /// locked. A row that differs ends the transaction: whatever the locks of a server guarantee, no values are overwritten.
    /// </summary>
    private const string SaveCounters = """
        DECLARE @counters_to_save TABLE (
          place int NOT NULL PRIMARY KEY, user_id uniqueidentifier NOT NULL, kind int NOT NULL, start int NOT NULL,
          requests bigint NOT NULL, settled bigint NOT NULL, held bigint NOT NULL, was_requests bigint NOT NULL,
          was_settled bigint NOT NULL, was_held bigint NOT NULL);
        INSERT INTO @counters_to_save (
          place, user_id, kind, start, requests, settled, held, was_requests, was_settled, was_held)
        SELECT place, user_id, kind, start, requests, settled, held, was_requests, was_settled, was_held
        FROM OPENJSON(@counters) WITH (
          place int '$.place', user_id uniqueidentifier '$.user', kind int '$.kind', start int '$.start',
          requests bigint '$.requests', settled bigint '$.settled', held bigint '$.held', was_requests bigint '$.wasRequests',
          was_settled bigint '$.wasSettled', was_held bigint '$.wasHeld');

        DECLARE
          @place int = 1, @count int, @user uniqueidentifier, @kind int, @start int, @requests bigint, @settled bigint, @held bigint,
          @was_requests bigint, @was_settled bigint, @was_held bigint;
        SELECT @count = COUNT(*) FROM @counters_to_save;
        WHILE @place <= @count
        BEGIN
          SELECT
            @user = user_id, @kind = kind, @start = start, @requests = requests, @settled = settled, @held = held,
            @was_requests = was_requests, @was_settled = was_settled, @was_held = was_held
          FROM @counters_to_save WHERE place = @place;
          UPDATE quota_counters SET requests = @requests, settled_nano_usd = @settled, held_nano_usd = @held
          WHERE user_id = @user AND kind = @kind AND start = @start
            AND requests = @was_requests AND settled_nano_usd = @was_settled AND held_nano_usd = @was_held;
          IF @@ROWCOUNT <> 1 THROW 51205, N'A locked counter was changed by another writer.', 1;
          SET @place = @place + 1;
        END;
        """;

    private const string SetEnded = $"""
        UPDATE usage_records SET
          status = @status, usage_source = @source, model = COALESCE(@model, model), provider = COALESCE(@provider, provider),
          prompt_tokens = @prompt, completion_tokens = @completion, cached_prompt_tokens = @cached, cache_write_tokens = @written,
          reasoning_tokens = @reasoning, cost_nano_usd = @cost, error_code = @error, latency_ms = @latency,
          time_to_first_token_ms = @first, attempts = @attempts,
          above_hold = CASE WHEN @cost > held_nano_usd THEN 1 ELSE 0 END
        OUTPUT inserted.id, {InsertedRecord} INTO @settled (id, {Record})
        """;

    private const string LockCounter = """
        UPDATE quota_counters WITH (UPDLOCK, ROWLOCK) SET requests = requests
        OUTPUT inserted.user_id, inserted.kind, inserted.start, inserted.requests, inserted.settled_nano_usd, inserted.held_nano_usd
        INTO @locked (user_id, kind, start, requests, settled, held)
        WHERE user_id = @user AND kind = @kind AND start = @start
        """;
}
