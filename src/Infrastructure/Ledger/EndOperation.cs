using AiGateway.Application.Usage;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>A settlement on its way through the writer. It stays there until it is written, whoever waits.</summary>
internal sealed class EndOperation(Settlement settlement)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public Settlement Settlement { get; } = settlement;
}
