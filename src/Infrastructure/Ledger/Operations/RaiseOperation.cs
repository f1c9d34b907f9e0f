namespace AiGateway.Infrastructure.Ledger.Operations;

/// <summary>A request in progress asks for a higher hold. The same limits apply as to a hold.</summary>
/// <param name="raise">How much.</param>
/// <param name="queuedAt">When the wait began, as a timestamp of the ledger's clock.</param>
internal sealed class RaiseOperation(HoldRaise raise, long queuedAt) : TaskCompletionSource<bool>, ILedgerOperation
{
    public HoldRaise Raise { get; } = raise;

    public long QueuedAt { get; } = queuedAt;

    /// <summary>The decision of the last attempt. Only the writer touches it.</summary>
    public bool IsGranted { get; set; }

    public void Answer() => TrySetResult(IsGranted);
}

/// <summary>A change of the amount that is held for a request.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="NanoUsd">The change, in nano-dollars; below zero takes a raise back.</param>
internal readonly record struct HoldRaise(Guid RequestId, long NanoUsd);

/// <summary>A hold that was raised.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Record">Its counters, and the amount held now.</param>
internal readonly record struct RaisedRecord(Guid RequestId, CountedRecord Record);
