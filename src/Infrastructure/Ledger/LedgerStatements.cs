namespace AiGateway.Infrastructure.Ledger;

/// <summary>The ledger's SQL in one engine's dialect; what each does stands at <see cref="ILedgerConnection"/>.</summary>
internal sealed record LedgerStatements
{
    /// <summary>What ending writes, up to the WHERE.</summary>
    public const string SetEnded = """
        UPDATE usage_records SET
          status = @status, usage_source = @source, model = coalesce(@model, model), provider = coalesce(@provider, provider),
          prompt_tokens = @prompt, completion_tokens = @completion, cached_prompt_tokens = @cached,
          cache_write_tokens = @written, reasoning_tokens = @reasoning, cost_nano_usd = @cost,
          error_code = @error, latency_ms = @latency, time_to_first_token_ms = @first
        """;

    /// <summary>What abandoning writes: the held worst case becomes the cost.</summary>
    public const string SetAbandoned =
        "SET status = 3, usage_source = 3, cost_nano_usd = held_nano_usd, error_code = 'abandoned'";

    public required string Begin { get; init; }

    public required string Commit { get; init; }

    public required string Rollback { get; init; }

    /// <summary>Ends a held record; parameters as <see cref="LedgerConnection"/> lists them; returns user, day, month, held.</summary>
    public required string EndHeld { get; init; }

    /// <summary>The same for an abandoned record.</summary>
    public required string EndAbandoned { get; init; }

    /// <summary>@now, @limit; returns user, day, month, held.</summary>
    public required string Abandon { get; init; }

    /// <summary>@user, @kind, @start; returns requests, settled, held; no row when it is missing.</summary>
    public required string LockCounter { get; init; }

    /// <summary>@user, @kind, @start; nothing when another writer was faster.</summary>
    public required string AddCounter { get; init; }

    /// <summary>@id, @lease; never revives an abandoned record.</summary>
    public string Renew { get; init; } = "UPDATE usage_records SET lease_expires_at = @lease WHERE id = @id AND status = 0";

    /// <summary>@user, @kind, @start, @requests, @settled, @held.</summary>
    public string SaveCounter { get; init; } = """
        UPDATE quota_counters SET requests = @requests, settled_nano_usd = @settled, held_nano_usd = @held
        WHERE user_id = @user AND kind = @kind AND start = @start
        """;

    /// <summary>@user; returns the three limits.</summary>
    public string ReadLimits { get; init; } =
        "SELECT daily_requests, monthly_requests, monthly_spend_nano_usd FROM quotas WHERE user_id = @user";

    /// <summary>Inserts a held record; parameters as <see cref="LedgerConnection"/> lists them.</summary>
    public string Insert { get; init; } = """
        INSERT INTO usage_records (
          id, user_id, api_key_id, created_at, day, month, operation, model_asked, model, provider, streamed, end_user,
          status, usage_source, prompt_tokens, completion_tokens, cached_prompt_tokens, cache_write_tokens, reasoning_tokens,
          held_nano_usd, cost_nano_usd, price_version, lease_expires_at)
        VALUES (
          @id, @user, @key, @created, @day, @month, @operation, @asked, @model, @provider, @streamed, @enduser,
          0, 0, @prompt, @completion, 0, 0, 0,
          @held, 0, @prices, @lease)
        """;
}
