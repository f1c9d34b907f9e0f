namespace AiGateway.Infrastructure.Ledger;

/// <summary>The ledger's way to one database engine.</summary>
internal interface ILedgerDialect
{
    /// <summary>Whether other gateways write the same books: not in a file, which is for one process.</summary>
    bool IsShared { get; }

    /// <summary>Opens a connection and prepares its statements.</summary>
    ILedgerConnection Open();

    /// <summary>
    /// Whose fault a failure inside a transaction is. Any but <see cref="LedgerFault.Database"/> also says for certain that
    /// nothing was committed.
    /// </summary>
    LedgerFault FaultOf(Exception failure);

    /// <summary>
    /// Whether a failure says that the connection was cut, so that a new one may do better at once. A time-out says nothing of
    /// the kind.
    /// </summary>
    bool IsConnectionLost(Exception failure);
}

/// <summary>Whose fault a failure is.</summary>
internal enum LedgerFault
{
    /// <summary>The database's: another try may do better.</summary>
    Database,

    /// <summary>Nobody's: it met another writer and the database undid it, so that the same work may succeed at once.</summary>
    Collision,

    /// <summary>The operation's own: it will never succeed.</summary>
    Operation,

    /// <summary>The operation's own: the request id is in the books already.</summary>
    DuplicateRequest,
}
