namespace AiGateway.Application.Administration;

/// <summary>
/// The result of checking the audit log. Rows cut off at the end leave no trace in the table: compare the head with one that
/// was kept elsewhere.
/// </summary>
/// <param name="Rows">Rows read.</param>
/// <param name="Head">The last row; null: there is none.</param>
/// <param name="Fault">The first row that does not fit; null: the chain is unbroken.</param>
public sealed record AuditVerification(long Rows, AuditHead? Head, AuditFault? Fault)
{
    /// <summary>Whether the chain is unbroken.</summary>
    public bool Unbroken => Fault is null;
}

/// <summary>The last row of the audit log.</summary>
/// <param name="Sequence">Its sequence number.</param>
/// <param name="Hash">Its hash, in hexadecimal digits.</param>
public sealed record AuditHead(long Sequence, string Hash);

/// <summary>A row of the audit log that does not fit.</summary>
/// <param name="Sequence">The sequence number of the row.</param>
/// <param name="Id">Its id; null: the row is missing.</param>
/// <param name="Problem">What is wrong.</param>
public sealed record AuditFault(long Sequence, Guid? Id, AuditProblem Problem);

/// <summary>What is wrong with a row of the audit log.</summary>
public enum AuditProblem
{
    /// <summary>There is no row with the sequence number, but a later one.</summary>
    Missing,

    /// <summary>Its members do not give its hash: the row was changed.</summary>
    Changed,

    /// <summary>Its previous hash is not the hash of the row before: one of the two was replaced.</summary>
    Unlinked,
}
