namespace AiGateway.Infrastructure.Ledger;

/// <summary>
/// Takes the answers of one commit to their requests, a few on each thread: what a request does next is short and never
/// blocks, so that waking a thread for each would cost more. No request goes on on the thread that calls this.
/// </summary>
internal sealed class LedgerAnswers
{
    private const int Together = 8;

    private readonly List<ILedgerOperation> _ready = [];

    public void Add(HoldOperation operation) => _ready.Add(operation);

    public void Add(RaiseOperation operation) => _ready.Add(operation);

    /// <summary>Nobody need be woken for a settlement that no request waits for.</summary>
    public void Add(EndOperation ending)
    {
        if (ending.IsAwaited) _ready.Add(ending);
        else ending.Answer();
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
