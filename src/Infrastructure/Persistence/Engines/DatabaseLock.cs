namespace AiGateway.Infrastructure.Persistence.Engines;

/// <summary>
/// Decisions that only one transaction at a time may make, over all gateways that share a database. The value is the number
/// of PostgreSQL's advisory lock; any number works if all gateways use the same one.
/// </summary>
internal enum DatabaseLock : long
{
    /// <summary>Whether the last administrator may be removed, and which scopes exist while others are put below them.</summary>
    Administrators = 0x41_69_47_61_41_64_6d_6e,

    /// <summary>Whether one more user may be created for a token.</summary>
    TokenUsers = 0x41_69_47_61_54_6f_6b_6e,
}
