using AiGateway.Infrastructure.Persistence.Engines;

namespace AiGateway.Infrastructure.Ledger.Sql.Postgres;

/// <summary>
/// The ledger's SQL for PostgreSQL; <see cref="ILedgerConnection"/> describes each statement. Rows come as arrays, one per
/// column. The statements are prepared once, perhaps while the tables are empty, and their plans must still suit huge
/// tables. Therefore each statement repeats, by <c>= ANY</c>, which rows it may touch, and the session forbids full table
/// scans and nested loops. Rows are locked in the order of their keys: PostgreSQL sorts before it locks.
/// </summary>
internal static class PostgresLedgerStatements
{
    /// <summary>
    /// For the session. A generic plan saves planning in every batch; JIT compilation would cost more than it gains.
    /// </summary>
    public const string Prepare =
        "SET enable_seqscan = off; SET enable_nestloop = off; SET plan_cache_mode = force_generic_plan; SET jit = off";

    public const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";

    public const string Commit = "COMMIT";

    public const string Rollback = "ROLLBACK";

    /// <summary>
    /// $1 ids, $2 the new end of the lease. Not "= 0", because the index of held rows is full of rows that were just
    /// settled.
    /// </summary>
    public const string Renew = """
        WITH mine AS MATERIALIZED (
          SELECT id FROM usage_records WHERE id = ANY ($1) AND status < 1 ORDER BY id FOR UPDATE)
        UPDATE usage_records AS record SET lease_expires_at = $2
        FROM mine WHERE record.id = ANY ($1) AND record.id = mine.id
        """;

    /// <summary>$1 ids, $2 how much more; returns id, then as <see cref="Record"/>.</summary>
    public const string Raise = $"""
        WITH open AS MATERIALIZED (
          SELECT id FROM usage_records WHERE id = ANY ($1) AND status < 1 ORDER BY id FOR UPDATE)
        UPDATE usage_records AS record SET held_nano_usd = record.held_nano_usd + raise.more
        FROM unnest($1, $2) AS raise (id, more), open
        WHERE record.id = ANY ($1) AND record.id = raise.id AND record.id = open.id
        RETURNING record.id, {Record}
        """;

    /// <summary>Columns as <see cref="PostgresSettlements"/> lists them; returns place, status before, then as <see cref="Record"/>.</summary>
    public const string End = $"""
        WITH open AS MATERIALIZED (
          SELECT id, status FROM usage_records WHERE id = ANY ($1) AND status IN (0, 3) ORDER BY id FOR UPDATE)
        {EndOpen}
        RETURNING settlement.place, open.status, {Record}
        """;

    /// <summary>
    /// Settles held records that are known: the columns of <see cref="End"/>, then those of <see cref="Record"/>. It fails with a
    /// division by zero unless all are held and the same.
    /// </summary>
    public const string EndKnown = $"""
        WITH open AS MATERIALIZED (
          SELECT id, status FROM usage_records WHERE id = ANY ($1) AND status < 1 ORDER BY id FOR UPDATE),
        ended AS (
          {EndOpen}
          RETURNING record.id, {Record})
        SELECT 1 / (count(*) = cardinality($1))::int
        FROM ended JOIN unnest($1, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25) AS known (
          id, user_id, day, month, held, held_tokens, created, key_id, charge_set, end_user, asked) ON known.id = ended.id
        WHERE (ended.user_id, ended.day, ended.month, ended.held_nano_usd, ended.held_tokens, ended.created_at)
            = (known.user_id, known.day, known.month, known.held, known.held_tokens, known.created)
          AND ROW(ended.api_key_id, ended.charge_set, ended.end_user, ended.requested_model)
            IS NOT DISTINCT FROM ROW(known.key_id, known.charge_set, known.end_user, known.asked)
        """;

    /// <summary>
    /// $1 now, $2 limit; returns as <see cref="Record"/>. Another gateway settles or sweeps the rows that it has locked;
    /// skipping them avoids a wait.
    /// </summary>
    public const string Expire = $"""
        WITH late AS MATERIALIZED (
          SELECT id FROM usage_records WHERE status = 0 AND lease_expires_at <= $1
          ORDER BY lease_expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
        UPDATE usage_records AS record SET status = 3, usage_source = 3, cost_nano_usd = held_nano_usd, error_code = 'expired'
        WHERE id = ANY (ARRAY(SELECT id FROM late))
        RETURNING {Record}
        """;

    /// <summary>
    /// $1 users, $2 kinds, $3 starts. It runs before any lock, so a wait for another gateway's new row holds no existing
    /// row. Existing rows are left out first, because the conflict alone would wait for their updates. OFFSET 0 keeps the
    /// look-up from becoming a join.
    /// </summary>
    public const string AddCounters = $"""
        INSERT INTO quota_counters (user_id, kind, start, requests, settled_nano_usd, held_nano_usd)
        SELECT key.user_id, key.kind, key.start, 0, 0, 0
        FROM unnest($1, $2, $3) AS key (user_id, kind, start)
        WHERE NOT EXISTS (SELECT 1 FROM quota_counters AS counter WHERE {SameKey} OFFSET 0)
        ORDER BY key.user_id, key.kind, key.start
        ON CONFLICT DO NOTHING
        """;

    /// <summary>$1 users, $2 kinds, $3 starts; returns place, requests, settled, held.</summary>
    public const string LockCounters = $"""
        SELECT key.place, counter.requests, counter.settled_nano_usd, counter.held_nano_usd
        FROM unnest($1, $2, $3) WITH ORDINALITY AS key (user_id, kind, start, place)
        JOIN quota_counters AS counter ON {SameKey}
        WHERE {OneOfTheKeys}
        ORDER BY counter.user_id, counter.kind, counter.start
        FOR UPDATE OF counter
        """;

    /// <summary>
    /// $1 users, $2 kinds, $3 starts, $4 requests, $5 settled, $6 held. It locks like <see cref="LockCounters"/>, and fails with a
    /// division by zero unless all rows exist with these figures.
    /// </summary>
    public const string LockKnownCounters = $"""
        WITH locked AS MATERIALIZED (
          SELECT (counter.requests, counter.settled_nano_usd, counter.held_nano_usd) = (key.requests, key.settled, key.held) AS same
          FROM unnest($1, $2, $3, $4, $5, $6) AS key (user_id, kind, start, requests, settled, held)
          JOIN quota_counters AS counter ON {SameKey}
          WHERE {OneOfTheKeys}
          ORDER BY counter.user_id, counter.kind, counter.start
          FOR UPDATE OF counter)
        SELECT 1 / (count(*) FILTER (WHERE same) = cardinality($1))::int FROM locked
        """;

    /// <summary>$1 users, $2 kinds, $3 starts, $4 requests, $5 settled, $6 held.</summary>
    public const string SaveCounters = $"""
        UPDATE quota_counters AS counter
        SET requests = key.requests, settled_nano_usd = key.settled, held_nano_usd = key.held
        FROM unnest($1, $2, $3, $4, $5, $6) AS key (user_id, kind, start, requests, settled, held)
        WHERE {OneOfTheKeys} AND {SameKey}
        """;

    /// <summary>Budgets change only while no transaction that decided by them is open. $1 the number of the lock.</summary>
    public const string KeepBudgets = "SELECT pg_advisory_xact_lock_shared($1)";

    /// <summary>$1 ids, $2 windows, $3 starts, $4 kinds, $5 scopes, $6 models, $7 end users.</summary>
    public const string AddBudgetCounters = $"""
        INSERT INTO budget_counters (
          id, window_code, start, scope_kind, scope_id, model, end_user,
          requests, in_flight, settled_tokens, held_tokens, settled_nano_usd, held_nano_usd)
        SELECT key.id, key.code, key.start, key.kind, key.scope, key.model, key.end_user, 0, 0, 0, 0, 0, 0
        FROM unnest($1, $2, $3, $4, $5, $6, $7) AS key (id, code, start, kind, scope, model, end_user)
        WHERE NOT EXISTS (SELECT 1 FROM budget_counters AS counter WHERE {SameBudgetKey} OFFSET 0)
        ORDER BY key.id, key.code, key.start
        ON CONFLICT DO NOTHING
        """;

    /// <summary>$1 ids, $2 windows, $3 starts; returns place and the six figures.</summary>
    public const string LockBudgetCounters = $"""
        SELECT key.place, counter.requests, counter.in_flight, counter.settled_tokens, counter.held_tokens, counter.settled_nano_usd,
          counter.held_nano_usd
        FROM unnest($1, $2, $3) WITH ORDINALITY AS key (id, code, start, place)
        JOIN budget_counters AS counter ON {SameBudgetKey}
        WHERE {OneOfTheBudgetKeys}
        ORDER BY counter.id, counter.window_code, counter.start
        FOR UPDATE OF counter
        """;

    /// <summary>
    /// $1 ids, $2 windows, $3 starts, $4 to $9 the six figures. It locks like <see cref="LockBudgetCounters"/>, and fails with a
    /// division by zero unless all rows exist with these figures.
    /// </summary>
    public const string LockKnownBudgetCounters = $"""
        WITH locked AS MATERIALIZED (
          SELECT (counter.requests, counter.in_flight, counter.settled_tokens, counter.held_tokens, counter.settled_nano_usd,
              counter.held_nano_usd)
            = (key.requests, key.in_flight, key.settled_tokens, key.held_tokens, key.settled, key.held) AS same
          FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            AS key (id, code, start, requests, in_flight, settled_tokens, held_tokens, settled, held)
          JOIN budget_counters AS counter ON {SameBudgetKey}
          WHERE {OneOfTheBudgetKeys}
          ORDER BY counter.id, counter.window_code, counter.start
          FOR UPDATE OF counter)
        SELECT 1 / (count(*) FILTER (WHERE same) = cardinality($1))::int FROM locked
        """;

    /// <summary>$1 ids, $2 windows, $3 starts, $4 to $9 the six figures.</summary>
    public const string SaveBudgetCounters = $"""
        UPDATE budget_counters AS counter
        SET requests = key.requests, in_flight = key.in_flight, settled_tokens = key.settled_tokens, held_tokens = key.held_tokens,
          settled_nano_usd = key.settled, held_nano_usd = key.held
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
          AS key (id, code, start, requests, in_flight, settled_tokens, held_tokens, settled, held)
        WHERE {OneOfTheBudgetKeys} AND {SameBudgetKey}
        """;

    /// <summary>$1 scopes, $2 metrics; returns place and tat.</summary>
    public const string LockRates = $"""
        SELECT key.place, rate.tat
        FROM unnest($1, $2) WITH ORDINALITY AS key (scope_id, metric, place)
        JOIN rates AS rate ON {SameRate}
        WHERE {OneOfTheRates}
        ORDER BY rate.scope_id, rate.metric
        FOR UPDATE OF rate
        """;

    /// <summary>It runs after the rates are locked. Unlike <c>now()</c>, the clock goes on within a transaction.</summary>
    public const string ReadClock = $"SELECT {DatabaseClock.Postgres}";

    /// <summary>$1 scopes, $2 metrics, $3 tats.</summary>
    public const string SaveRates = $"""
        UPDATE rates AS rate SET tat = key.tat
        FROM unnest($1, $2, $3) AS key (scope_id, metric, tat)
        WHERE {OneOfTheRates} AND {SameRate}
        """;

    /// <summary>
    /// $1 users; returns user and the three limits. In the row without a user are the epoch, and the numbers of budgets and rates.
    /// </summary>
    public const string ReadLimits = """
        SELECT NULL::uuid, epoch, budgets, rates FROM budget_state WHERE id = 1
        UNION ALL
        SELECT user_id, daily_requests, monthly_requests, monthly_spend_nano_usd FROM quotas WHERE user_id = ANY ($1)
        """;

    /// <summary>
    /// $1 users, $2 whether they have limits, $3 to $5 the three limits, $6 epoch, $7 budgets, $8 rates. It fails with a division by
    /// zero unless all are the same.
    /// </summary>
    public const string CheckLimits = """
        SELECT 1 / (
          EXISTS (SELECT FROM budget_state WHERE id = 1 AND (epoch, budgets, rates) = ($6, $7, $8))
          AND NOT EXISTS (
            SELECT FROM unnest($1, $2, $3, $4, $5) AS known (user_id, has_limits, daily, monthly, spend)
            LEFT JOIN (SELECT * FROM quotas WHERE user_id = ANY ($1)) AS quota ON quota.user_id = known.user_id
            WHERE (quota.user_id IS NOT NULL) <> known.has_limits
              OR ROW(quota.daily_requests, quota.monthly_requests, quota.monthly_spend_nano_usd)
                IS DISTINCT FROM ROW(known.daily, known.monthly, known.spend)))::int
        """;

    /// <summary>Columns as <see cref="PostgresHolds"/> lists them.</summary>
    public const string Insert = """
        INSERT INTO usage_records (
          id, user_id, api_key_id, created_at, day, month, operation, requested_model, model, provider, streamed, end_user,
          status, usage_source, prompt_tokens, completion_tokens, cached_prompt_tokens, cache_write_tokens, reasoning_tokens,
          held_nano_usd, cost_nano_usd, price_version, lease_expires_at, held_tokens, charge_set)
        SELECT
          hold.id, hold.user_id, hold.key_id, hold.created, hold.day, hold.month, hold.operation, hold.asked, hold.model,
          hold.provider, hold.streamed, hold.end_user, 0, 0, hold.prompt, hold.completion, 0, 0, 0,
          hold.held, 0, hold.prices, $19, hold.tokens, hold.charge_set
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) AS hold (
          id, user_id, key_id, created, day, month, operation, asked, model, provider, streamed, end_user, prompt, completion,
          held, prices, tokens, charge_set)
        """;

    private const string EndOpen = """
        UPDATE usage_records AS record SET
          status = settlement.status, usage_source = settlement.source,
          model = coalesce(settlement.model, record.model), provider = coalesce(settlement.provider, record.provider),
          prompt_tokens = settlement.prompt, completion_tokens = settlement.completion, cached_prompt_tokens = settlement.cached,
          cache_write_tokens = settlement.written, reasoning_tokens = settlement.reasoning, cost_nano_usd = settlement.cost,
          error_code = settlement.error, latency_ms = settlement.latency, time_to_first_token_ms = settlement.first,
          attempts = settlement.attempts, above_hold = settlement.cost > record.held_nano_usd
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) WITH ORDINALITY AS settlement (
          id, status, source, model, provider, prompt, completion, cached, written, reasoning, cost, error, latency, first, attempts, place),
          open
        WHERE record.id = ANY ($1) AND record.id = settlement.id AND record.id = open.id
        """;

    private const string Record = "record.user_id, record.day, record.month, record.held_nano_usd, record.held_tokens, record.created_at, "
        + "record.api_key_id, record.charge_set, record.end_user, record.requested_model";

    private const string SameBudgetKey = "counter.id = key.id AND counter.window_code = key.code AND counter.start = key.start";

    private const string OneOfTheBudgetKeys =
        "counter.id = ANY ($1) AND counter.window_code = ANY ($2) AND counter.start = ANY ($3)";

    private const string SameRate = "rate.scope_id = key.scope_id AND rate.metric = key.metric";

    private const string OneOfTheRates = "rate.scope_id = ANY ($1) AND rate.metric = ANY ($2)";

    private const string SameKey =
        "counter.user_id = key.user_id AND counter.kind = key.kind AND counter.start = key.start";

    private const string OneOfTheKeys =
        "counter.user_id = ANY ($1) AND counter.kind = ANY ($2) AND counter.start = ANY ($3)";
}
