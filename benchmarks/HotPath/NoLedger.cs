using AiGateway.Application.Ledger;

namespace AiGateway.HotPath;

/// <summary>A ledger that grants everything and writes nothing.</summary>
internal sealed class NoLedger : ILedger
{

    public Task<HoldDecision> HoldAsync(Hold hold, CancellationToken cancellationToken) =>
        Task.FromResult(new HoldDecision(null, hold.Elastic is { } elastic ? elastic.Within(elastic.Most) : null));

    public Task<bool> RaiseHoldAsync(Hold hold, long moreNanoUsd) => Task.FromResult(true);

    public Task SettleAsync(Settlement settlement) => Task.CompletedTask;

    public Task FlushAsync() => Task.CompletedTask;

    public Task<LedgerVerification> VerifyAsync(CancellationToken cancellationToken) => throw new NotSupportedException("There are no ledger.");
}
