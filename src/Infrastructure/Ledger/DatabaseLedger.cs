using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Persistence.Mapping;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>Hands work to the writer and waits for its answer, which comes in bounded time.</summary>
internal sealed partial class DatabaseLedger(
    LedgerWriter writer, LedgerVerifier verifier, TimeProvider time, ILogger<DatabaseLedger> logger)
    : ILedger
{
    public Task<HoldDecision> HoldAsync(Hold hold, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hold.HeldNanoUsd);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<HoldDecision>(cancellationToken);
        var operation = new HoldOperation(hold, time.GetTimestamp());
        operation.LeaveWith(cancellationToken);
        if (!writer.TryAdd(operation))
        {
            operation.Failure = new LedgerUnavailableException();
            operation.Answer();
        }

        return operation.Task;
    }

    public Task<bool> RaiseHoldAsync(Hold hold, long moreNanoUsd)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(moreNanoUsd);
        var operation = new RaiseOperation(new HoldRaise(hold.RequestId, moreNanoUsd), time.GetTimestamp());
        return writer.TryAdd(operation) ? operation.Task : Task.FromResult(false);
    }

    public Task SettleAsync(Settlement settlement)
    {
        var operation = new SettleOperation(ToStorable(settlement), time.GetTimestamp());
        if (writer.TryAdd(operation)) return operation.Task;
        Log.Stopped(logger, settlement.RequestId);
        return Task.CompletedTask;
    }

    public Task FlushAsync() => writer.FlushAsync();

    public Task<LedgerVerification> VerifyAsync(CancellationToken cancellationToken) => verifier.VerifyAsync(cancellationToken);

    // The provider chooses the model name. It must not prevent a settlement, so it is cut to a storable text. An empty name
    // is ignored.
    private static Settlement ToStorable(Settlement settlement)
    {
        var model = settlement.Model is { Length: > 0 } told ? StoredText.Fit(told, StoredText.NameLength) : null;
        var provider = settlement.Provider is { } name ? StoredText.Fit(name, StoredText.NameLength) : null;
        var cost = settlement.Status == UsageStatus.Released ? 0 : settlement.CostNanoUsd;
        return model == settlement.Model && provider == settlement.Provider && cost == settlement.CostNanoUsd
            ? settlement
            : settlement with { Model = model, Provider = provider, CostNanoUsd = cost };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Settlement of {RequestId} arrived after the ledger stopped: its hold will expire and be charged at its maximum cost")]
        public static partial void Stopped(ILogger logger, Guid requestId);
    }
}
