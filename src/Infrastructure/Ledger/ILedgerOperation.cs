namespace AiGateway.Infrastructure.Ledger;

/// <summary>An operation that a request waits for.</summary>
internal interface ILedgerOperation
{
    /// <summary>
    /// Completes the operation on this thread, so its request continues; no effect when it is already completed.
    /// </summary>
    void Answer();
}
