namespace AiGateway.Infrastructure.Ledger;

/// <summary>How an attempt to write some work ended.</summary>
internal enum LedgerOutcome
{
    /// <summary>Committed.</summary>
    Written,

    /// <summary>Rolled back, and it would be every time: it is the operation's own fault if the work is a single one.</summary>
    Refused,

    /// <summary>Rolled back, or not begun, because of the database.</summary>
    Unavailable,

    /// <summary>The commit failed: it may be on the disk all the same.</summary>
    Unknown,
}
