using AiGateway.Application.Ledger;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Ledger.Operations;

/// <summary>
/// A hold on its way through the writer, with its pending answer. Caller and writer may end it at the same moment; one of
/// them wins. A hold granted to a caller who has left is released.
/// </summary>
/// <param name="hold">The hold.</param>
/// <param name="queuedAt">When the wait began, as a timestamp of the ledger's clock.</param>
internal sealed class HoldOperation(Hold hold, long queuedAt) : TaskCompletionSource<HoldDecision>, ILedgerOperation
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Finished = 2;

    // And above: the caller has left, with the reason added.
    private const int Left = 3;

    private int _state;
    private CancellationTokenRegistration _leaving;

    public Hold Hold { get; } = hold;

    public long QueuedAt { get; } = queuedAt;

    /// <summary>The decision of the last attempt. Only the writer touches it.</summary>
    public HoldDecision Decision { get; set; }

    /// <summary>Why there is no decision; null when there is one.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Why the caller left; read once <see cref="TryFinish"/> failed.</summary>
    public ErrorCode LeftBecause => (ErrorCode)(Volatile.Read(ref _state) - Left);

    /// <summary>Lets the caller leave until the answer is given. If both happen at the same moment, one of them wins.</summary>
    public void LeaveWith(CancellationToken caller) => _leaving = caller.UnsafeRegister(
        static (operation, token) =>
        {
            var hold = (HoldOperation)operation!;
            if (hold.TryLeave(ErrorCode.ClientClosedRequest)) hold.TrySetCanceled(token);
        },
        this);

    /// <summary>The writer starts on it; false when the caller has left.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>The writer has an answer; false when the caller no longer waits.</summary>
    public bool TryFinish() => Interlocked.CompareExchange(ref _state, Finished, Taken) == Taken;

    /// <summary>The caller stops waiting; false when the answer was given.</summary>
    public bool TryLeave(ErrorCode because)
    {
        var left = Left + (int)because;
        return Interlocked.CompareExchange(ref _state, left, Waiting) == Waiting
            || Interlocked.CompareExchange(ref _state, left, Taken) == Taken;
    }

    public void Answer()
    {
        _leaving.Unregister();
        if (Failure is null) TrySetResult(Decision);
        else TrySetException(Failure);
    }
}
