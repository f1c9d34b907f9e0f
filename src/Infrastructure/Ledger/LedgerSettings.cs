namespace AiGateway.Infrastructure.Ledger;

/// <summary>The settings of the ledger.</summary>
public sealed record LedgerSettings
{
    /// <summary>
    /// A hold that is not renewed for this long is treated as lost and charged at its maximum cost
    /// (<c>AI_GATEWAY_HOLD_LEASE</c>, milliseconds, 2,000 to 3,600,000, default 30 s). A running gateway renews its holds
    /// every third of it; the sweeper looks for expired ones every quarter.
    /// </summary>
    public TimeSpan HoldLease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Longest wait for the ledger before the request fails with ledger_unavailable (<c>AI_GATEWAY_LEDGER_TIMEOUT</c>,
    /// milliseconds, 100 to 60,000, default 5 s).
    /// </summary>
    public TimeSpan CommitTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Most requests that wait for the ledger at once (<c>AI_GATEWAY_LEDGER_QUEUE</c>, 1 to 1,000,000, default 10,000).
    /// </summary>
    public int QueueCapacity { get; init; } = 10_000;

    /// <summary>
    /// How long an idle connection is taken to be alive (100 ms). After a longer time a transaction first asks the database, in a
    /// round trip more: when a transaction of one round trip meets a cut connection, nobody can tell whether it was written.
    /// </summary>
    public TimeSpan LongestIdle { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Most operations in one transaction (1,024).</summary>
    public int BatchSize { get; init; } = 1024;
}
