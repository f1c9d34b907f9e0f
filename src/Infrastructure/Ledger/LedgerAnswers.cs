namespace AiGateway.Infrastructure.Ledger;

/// <summary>
/// Takes the answers of one commit to their requests, a few on each thread: what a request does next is short and never
/// blocks, so that waking a thread for each would cost more. No request goes on on the thread that calls this.
/// </summary>
internal sealed class LedgerAnswers
{
    private const int Together = 8;

    private readonly List<HoldOperation> _ready = [];

    public void Add(HoldOperation operation) => _ready.Add(operation);

    public void Send()
    {
        foreach (var part in _ready.Chunk(Together)) ThreadPool.UnsafeQueueUserWorkItem(Answer, part, preferLocal: false);
        _ready.Clear();
    }

    private static void Answer(HoldOperation[] operations)
    {
        foreach (var operation in operations) operation.Answer();
    }
}
