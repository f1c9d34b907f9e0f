using AiGateway.Application.Ledger;
using AiGateway.Domain;

namespace AiGateway.HotPath;

/// <summary>A ledger that grants everything and writes nothing.</summary>
internal sealed class NoLedger : ILedger
{
    private static readonly Task<QuotaRefusal?> Granted = Task.FromResult<QuotaRefusal?>(null);

    public bool IsShared => false;

    public Task<QuotaRefusal?> HoldAsync(Hold hold, CancellationToken cancellationToken) => Granted;

    public Task<bool> RaiseHoldAsync(Hold hold, long moreNanoUsd) => Task.FromResult(true);

    public Task SettleAsync(Settlement settlement) => Task.CompletedTask;

    public Task FlushAsync() => Task.CompletedTask;

    public Task<LedgerVerification> VerifyAsync(CancellationToken cancellationToken) => throw new NotSupportedException("There are no ledger.");
}
