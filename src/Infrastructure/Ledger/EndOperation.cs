using AiGateway.Application.Usage;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>
/// A settlement on its way through the writer. It stays queued until it is written, even when its request no longer waits.
/// </summary>
/// <param name="settlement">The settlement.</param>
/// <param name="queuedAt">When the wait began, as a timestamp of the ledger's clock.</param>
/// <param name="isAwaited">
/// Whether its request waits for it. Otherwise a query of the ledger may wait, on a thread of its own.
/// </param>
internal sealed class EndOperation(Settlement settlement, long queuedAt, bool isAwaited)
    : TaskCompletionSource(isAwaited ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously), ILedgerOperation
{
    public Settlement Settlement { get; } = settlement;

    public long QueuedAt { get; } = queuedAt;

    public bool IsAwaited { get; } = isAwaited;

    public void Answer() => TrySetResult();
}
