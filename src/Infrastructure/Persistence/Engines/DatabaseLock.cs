namespace AiGateway.Infrastructure.Persistence.Engines;

/// <summary>
/// Decisions that only one transaction at a time may make, over all gateways that share a database. The value is the number
/// of PostgreSQL's advisory lock; any number works if all gateways use the same one.
/// </summary>
internal enum DatabaseLock : long
{
    /// <summary>
    /// A change by an administrator: it adds the next row to the audit log, the last administrator must not be
    /// removed, and a scope must not be deleted while others are put below it.
    /// </summary>
    Administrators = 0x41_69_47_61_41_64_6d_6e,

    /// <summary>Whether one more user may be created for a token.</summary>
    TokenUsers = 0x41_69_47_61_54_6f_6b_6e,

    /// <summary>
    /// Changes of budgets. The ledger shares it in each transaction, so a change waits for the transactions that decided
    /// without it.
    /// </summary>
    Budgets = 0x41_69_47_61_42_75_64_67,

    /// <summary>Whether one more key is stored that seals the sessions of the console.</summary>
    ConsoleKeys = 0x41_69_47_61_43_6f_6e_73,
}
