namespace AiGateway.Infrastructure.Ledger.Sql.Sqlite;

/// <summary>The ledger's SQL for SQLite; <see cref="ILedgerConnection"/> describes each statement.</summary>
internal static class SqliteLedgerStatements
{
    public const string Begin = "BEGIN IMMEDIATE";

    public const string Commit = "COMMIT";

    public const string Rollback = "ROLLBACK";

    /// <summary>Id, lease; never revives an expired record.</summary>
    public const string Renew = "UPDATE usage_records SET lease_expires_at = ?2 WHERE id = ?1 AND status = 0";

    /// <summary>Id, how much more.</summary>
    public const string Raise = $"UPDATE usage_records SET held_nano_usd = held_nano_usd + ?2 WHERE id = ?1 AND status = 0 {Record}";

    public const string EndHeld = $"{End} AND status = 0 {Record}";

    public const string EndExpired = $"{End} AND status = 3 {Record}";

    /// <summary>Now, limit.</summary>
    public const string Expire = $"""
        UPDATE usage_records SET status = 3, usage_source = 3, cost_nano_usd = held_nano_usd, error_code = 'expired'
        WHERE id IN (
          SELECT id FROM usage_records WHERE status = 0 AND lease_expires_at <= ?1 ORDER BY lease_expires_at LIMIT ?2)
        {Record}
        """;

    /// <summary>User, kind, start.</summary>
    public const string ReadCounter = """
        SELECT requests, settled_nano_usd, held_nano_usd FROM quota_counters WHERE user_id = ?1 AND kind = ?2 AND start = ?3
        """;

    /// <summary>User, kind, start, requests, settled, held.</summary>
    public const string InsertCounter = """
        INSERT INTO quota_counters (user_id, kind, start, requests, settled_nano_usd, held_nano_usd)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        """;

    /// <summary>User, kind, start, requests, settled, held.</summary>
    public const string UpdateCounter = """
        UPDATE quota_counters SET requests = ?4, settled_nano_usd = ?5, held_nano_usd = ?6
        WHERE user_id = ?1 AND kind = ?2 AND start = ?3
        """;

    /// <summary>Id, window, start.</summary>
    public const string ReadBudgetCounter = """
        SELECT requests, in_flight, settled_tokens, held_tokens, settled_nano_usd, held_nano_usd
        FROM budget_counters WHERE id = ?1 AND window_code = ?2 AND start = ?3
        """;

    /// <summary>Id, window, start, requests, in flight, settled and held tokens, settled, held, then kind, scope, model, end user.</summary>
    public const string InsertBudgetCounter = """
        INSERT INTO budget_counters (
          id, window_code, start, requests, in_flight, settled_tokens, held_tokens, settled_nano_usd, held_nano_usd,
          scope_kind, scope_id, model, end_user)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        """;

    /// <summary>Id, window, start, requests, in flight, settled and held tokens, settled, held.</summary>
    public const string UpdateBudgetCounter = """
        UPDATE budget_counters SET
          requests = ?4, in_flight = ?5, settled_tokens = ?6, held_tokens = ?7, settled_nano_usd = ?8, held_nano_usd = ?9
        WHERE id = ?1 AND window_code = ?2 AND start = ?3
        """;

    /// <summary>Scope, metric.</summary>
    public const string ReadRate = "SELECT tat FROM rates WHERE scope_id = ?1 AND metric = ?2";

    /// <summary>Scope, metric, tat.</summary>
    public const string SaveRate = "UPDATE rates SET tat = ?3 WHERE scope_id = ?1 AND metric = ?2";

    public const string ReadEpoch = "SELECT epoch, budgets, rates FROM budget_state";

    /// <summary>User.</summary>
    public const string ReadLimits =
        "SELECT daily_requests, monthly_requests, monthly_spend_nano_usd FROM quotas WHERE user_id = ?1";

    public const string Insert = """
        INSERT INTO usage_records (
          id, user_id, api_key_id, created_at, day, month, operation, requested_model, model, provider, streamed, end_user,
          status, usage_source, prompt_tokens, completion_tokens, cached_prompt_tokens, cache_write_tokens, reasoning_tokens,
          held_nano_usd, cost_nano_usd, price_version, lease_expires_at, held_tokens, charge_set)
        VALUES (
          ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
          0, 0, ?13, ?14, 0, 0, 0,
          ?15, 0, ?16, ?17, ?18, ?19)
        """;

    private const string Record = "RETURNING user_id, day, month, held_nano_usd, held_tokens, created_at, api_key_id, charge_set, end_user, requested_model";

    private const string End = """
        UPDATE usage_records SET
          status = ?2, usage_source = ?3, model = coalesce(?4, model), provider = coalesce(?5, provider),
          prompt_tokens = ?6, completion_tokens = ?7, cached_prompt_tokens = ?8, cache_write_tokens = ?9,
          reasoning_tokens = ?10, cost_nano_usd = ?11, error_code = ?12, latency_ms = ?13, time_to_first_token_ms = ?14,
          attempts = ?15, above_hold = ?11 > held_nano_usd
        WHERE id = ?1
        """;
}
