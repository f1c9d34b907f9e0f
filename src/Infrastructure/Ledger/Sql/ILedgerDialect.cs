namespace AiGateway.Infrastructure.Ledger.Sql;

/// <summary>The ledger on one database engine.</summary>
internal interface ILedgerDialect
{
    /// <summary>Whether other gateways may write the same ledger: not in a file, which is for one process.</summary>
    bool IsShared { get; }

    /// <summary>Opens a connection and prepares its statements.</summary>
    ILedgerConnection Open();

    /// <summary>
    /// The cause of a failure inside a transaction. Any cause except <see cref="LedgerFault.Database"/> also means that
    /// nothing was committed.
    /// </summary>
    LedgerFault FaultOf(Exception failure);

    /// <summary>
    /// Whether a failure means that the connection was lost, so a new one may succeed at once. A time-out does not mean
    /// that.
    /// </summary>
    bool IsConnectionLost(Exception failure);
}

/// <summary>The cause of a failure.</summary>
internal enum LedgerFault
{
    /// <summary>The database: another attempt may succeed.</summary>
    Database,

    /// <summary>A collision with another writer, which the database undid: the same work may succeed at once.</summary>
    Collision,

    /// <summary>
    /// The connection assumed what it remembered, and that has changed. Nothing is written, and the same work may succeed at once.
    /// </summary>
    Assumption,

    /// <summary>The operation itself: it will never succeed.</summary>
    Operation,

    /// <summary>The operation itself: the request id is already recorded.</summary>
    DuplicateRequest,
}
