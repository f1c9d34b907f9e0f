namespace AiGateway.Infrastructure.Ledger;

/// <summary>How an attempt to write some work ended.</summary>
internal enum LedgerOutcome
{
    /// <summary>Committed.</summary>
    Written,

    /// <summary>Rolled back, and every retry would be too. For a single operation, the operation is the cause.</summary>
    Refused,

    /// <summary>Rolled back, or not begun, because of the database.</summary>
    Unavailable,

    /// <summary>The commit failed: the data may still be on the disk.</summary>
    Unknown,
}
