using AiGateway.Application.Ports;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>The ledger's door: hands work to the writer and waits for its answer, which comes in bounded time.</summary>
internal sealed partial class DatabaseLedger(
    LedgerWriter writer, LedgerVerifier verifier, TimeProvider time, ILogger<DatabaseLedger> logger)
    : ILedger
{
    public async Task<QuotaRefusal?> HoldAsync(Hold hold, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hold.HeldNanoUsd);
        cancellationToken.ThrowIfCancellationRequested();
        var operation = new HoldOperation(hold, time.GetTimestamp());
        if (!writer.TryAdd(operation)) throw LedgerWriter.Unavailable();

        // The answer and the leaving may come in the same moment: one of them wins.
        await using var leaving = cancellationToken.UnsafeRegister(static (operation, token) => Leave((HoldOperation)operation!, token), operation);
        return await operation.Task;
    }

    public Task SettleAsync(Settlement settlement)
    {
        var operation = new EndOperation(ToStorable(settlement), time.GetTimestamp());
        if (writer.TryAdd(operation)) return operation.Task;
        Log.Stopped(logger, settlement.RequestId);
        return Task.CompletedTask;
    }

    public Task CatchUpAsync() => writer.CatchUpAsync();

    public Task<LedgerVerification> VerifyAsync(CancellationToken cancellationToken) => verifier.VerifyAsync(cancellationToken);

    private static void Leave(HoldOperation operation, CancellationToken cancellationToken)
    {
        if (operation.TryLeave(ErrorCode.ClientClosedRequest)) operation.TrySetCanceled(cancellationToken);
    }

    // What a provider calls its model is a stranger's text: it must not keep a cost from being booked. An empty one says nothing.
    private static Settlement ToStorable(Settlement settlement) => settlement with
    {
        Model = settlement.Model is { Length: > 0 } model ? StoredText.Fit(model, StoredText.NameLength) : null,
        Provider = settlement.Provider is { } provider ? StoredText.Fit(provider, StoredText.NameLength) : null,
        CostNanoUsd = settlement.Status == UsageStatus.Released ? 0 : settlement.CostNanoUsd,
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Settlement of {RequestId} came after the ledger's end: its hold will be booked as abandoned")]
        public static partial void Stopped(ILogger logger, Guid requestId);
    }
}
