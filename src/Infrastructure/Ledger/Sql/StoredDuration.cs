namespace AiGateway.Infrastructure.Ledger.Sql;

/// <summary>Durations are stored in whole milliseconds.</summary>
internal static class StoredDuration
{
    /// <summary>Never negative, even if the clock was set back.</summary>
    public static long ToMilliseconds(TimeSpan span) => Math.Max(0, (long)span.TotalMilliseconds);
}
