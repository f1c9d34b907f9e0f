namespace AiGateway.Infrastructure.Ledger;

/// <summary>What a request waits for.</summary>
internal interface ILedgerOperation
{
    /// <summary>Lets the request go on, on this thread; nothing if it has gone on already.</summary>
    void Answer();
}
