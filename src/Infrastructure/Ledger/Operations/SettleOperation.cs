using AiGateway.Application.Ledger;

namespace AiGateway.Infrastructure.Ledger.Operations;

/// <summary>
/// A settlement on its way through the writer. It stays queued until it is written, even when its request no longer waits.
/// </summary>
/// <param name="settlement">The settlement.</param>
/// <param name="queuedAt">When the wait began, as a timestamp of the ledger's clock.</param>
internal sealed class SettleOperation(Settlement settlement, long queuedAt)
    : TaskCompletionSource(settlement.IsAwaited ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously), ILedgerOperation
{
    public Settlement Settlement { get; } = settlement;

    public long QueuedAt { get; } = queuedAt;

    /// <summary>Whether its request waits for it. Otherwise a query of the ledger may wait, on a thread of its own.</summary>
    public bool IsAwaited => Settlement.IsAwaited;

    public void Answer() => TrySetResult();
}
