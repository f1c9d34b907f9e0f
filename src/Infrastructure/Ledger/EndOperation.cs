using AiGateway.Application.Usage;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>A settlement on its way through the writer. It stays there until it is written, whoever waits.</summary>
/// <param name="settlement">The settlement.</param>
/// <param name="queuedAt">When the wait began, as a timestamp of the ledger's clock.</param>
internal sealed class EndOperation(Settlement settlement, long queuedAt)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public Settlement Settlement { get; } = settlement;

    public long QueuedAt { get; } = queuedAt;
}
