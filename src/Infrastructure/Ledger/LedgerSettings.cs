namespace AiGateway.Infrastructure.Ledger;

/// <summary>How the books are written.</summary>
public sealed record LedgerSettings
{
    /// <summary>
    /// How long a hold outlives its gateway (<c>AI_GATEWAY_HOLD_LEASE</c>, milliseconds, 2,000 to 3,600,000, default 30 s).
    /// A living gateway renews its holds every third of it; the sweeper looks for expired ones every quarter.
    /// </summary>
    public TimeSpan HoldLease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a request waits for the books before it is refused with ledger_unavailable
    /// (<c>AI_GATEWAY_LEDGER_TIMEOUT</c>, milliseconds, 100 to 60,000, default 5 s).
    /// </summary>
    public TimeSpan CommitTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most requests that may wait for the books at once (<c>AI_GATEWAY_LEDGER_QUEUE</c>, 1 to 1,000,000, default 10,000).</summary>
    public int QueueCapacity { get; init; } = 10_000;

    /// <summary>Most operations in one transaction (1,024).</summary>
    public int BatchSize { get; init; } = 1024;
}
