namespace AiGateway.Domain;

/// <summary>A limit of a scope: so many requests, or tokens, a minute. A scope has at most one of each.</summary>
public sealed record Rate
{
    /// <summary>Most requests a minute that can be set.</summary>
    public const long MostRequests = 10_000_000;

    /// <summary>Most tokens a minute that can be set. A token is then still 60 of the units in which time is counted.</summary>
    public const long MostTokens = 1_000_000_000;

    /// <summary>The scope.</summary>
    public required Guid ScopeId { get; init; }

    /// <summary><see cref="BudgetMetric.Requests"/> or <see cref="BudgetMetric.Tokens"/>.</summary>
    public required BudgetMetric Metric { get; init; }

    /// <summary>The kind of the scope.</summary>
    public required ScopeKind ScopeKind { get; init; }

    /// <summary>Requests or tokens a minute, at least 1. A whole minute's worth may be used at once.</summary>
    public required long Amount { get; init; }

    /// <summary>
    /// When the amount was last set. A request that came earlier took nothing of this amount, so it gives nothing back.
    /// </summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>
    /// The theoretical arrival time of GCRA, in nanoseconds since 1970: when all of the rate is free again. Only the ledger
    /// writes it.
    /// </summary>
    public long Tat { get; init; }

    /// <summary>Whether a request of this arrival time took of this amount.</summary>
    public bool WasTakenAt(DateTimeOffset arrival) => arrival >= Since;

    /// <summary>The limit.</summary>
    public QuotaLimit Limit => Metric == BudgetMetric.Tokens ? QuotaLimit.TokensPerMinute : QuotaLimit.RequestsPerMinute;
}
