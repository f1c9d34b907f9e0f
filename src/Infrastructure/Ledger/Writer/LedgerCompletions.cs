using AiGateway.Infrastructure.Ledger.Operations;

namespace AiGateway.Infrastructure.Ledger.Writer;

/// <summary>
/// Delivers the answers of one commit to their requests, a few per thread. The next step of a request is short and never
/// blocks, so waking one thread per request would cost more. No request continues on the calling thread.
/// </summary>
internal sealed class LedgerCompletions
{
    private const int Together = 8;

    private readonly List<ILedgerOperation> _ready = [];

    public void Add(HoldOperation operation) => _ready.Add(operation);

    public void Add(RaiseOperation operation) => _ready.Add(operation);

    /// <summary>A settlement without a waiting request needs no thread.</summary>
    public void Add(SettleOperation settlement)
    {
        if (settlement.IsAwaited) _ready.Add(settlement);
        else settlement.Answer();
    }

    public void Send()
    {
        foreach (var part in _ready.Chunk(Together)) ThreadPool.UnsafeQueueUserWorkItem(Answer, part, preferLocal: false);
        _ready.Clear();
    }

    private static void Answer(ILedgerOperation[] operations)
    {
        foreach (var operation in operations) operation.Answer();
    }
}
