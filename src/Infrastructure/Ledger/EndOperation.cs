using AiGateway.Application.Usage;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>A settlement on its way through the writer. It stays there until it is written, whoever waits.</summary>
/// <param name="settlement">The settlement.</param>
/// <param name="queuedAt">When the wait began, as a timestamp of the ledger's clock.</param>
/// <param name="isAwaited">Whether its request waits for it. Else a query of the books may, now and then, on a thread of its own.</param>
internal sealed class EndOperation(Settlement settlement, long queuedAt, bool isAwaited)
    : TaskCompletionSource(isAwaited ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously), ILedgerOperation
{
    public Settlement Settlement { get; } = settlement;

    public long QueuedAt { get; } = queuedAt;

    public bool IsAwaited { get; } = isAwaited;

    public void Answer() => TrySetResult();
}
