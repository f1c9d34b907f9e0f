using AiGateway.Application.Ports;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>The ledger's door: hands work to the writer and waits for it, for a bounded time.</summary>
internal sealed partial class DatabaseLedger(
    LedgerWriter writer, LedgerVerifier verifier, LedgerSettings settings, TimeProvider time, ILogger<DatabaseLedger> logger)
    : ILedger
{
    public async Task<QuotaRefusal?> HoldAsync(Hold hold, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hold.HeldNanoUsd);
        cancellationToken.ThrowIfCancellationRequested();
        var operation = new HoldOperation(hold);
        if (!writer.TryAdd(operation)) throw LedgerWriter.Unavailable();
        try
        {
            return await operation.Task.WaitAsync(settings.CommitTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            if (operation.TryLeave(ErrorCode.LedgerUnavailable)) throw LedgerWriter.Unavailable();
        }
        catch (OperationCanceledException)
        {
            if (operation.TryLeave(ErrorCode.ClientClosedRequest)) throw;
        }

        // The answer came in the same moment; it stands, and a hold that was granted is in the caller's hands.
        return await operation.Task;
    }

    public async Task SettleAsync(Settlement settlement)
    {
        var operation = new EndOperation(ToStorable(settlement));
        if (!writer.TryAdd(operation))
        {
            Log.Stopped(logger, settlement.RequestId);
            return;
        }

        try
        {
            await operation.Task.WaitAsync(settings.CommitTimeout, time);
        }
        catch (TimeoutException)
        {
            Log.Late(logger, settlement.RequestId);
        }
    }

    public Task<LedgerVerification> VerifyAsync(CancellationToken cancellationToken) => verifier.VerifyAsync(cancellationToken);

    // What a provider calls its model is a stranger's text: it must not keep a cost from being booked.
    private static Settlement ToStorable(Settlement settlement) => settlement with
    {
        Model = settlement.Model is { } model ? StoredText.Fit(model, StoredText.NameLength) : null,
        Provider = settlement.Provider is { } provider ? StoredText.Fit(provider, StoredText.NameLength) : null,
        CostNanoUsd = settlement.Status == UsageStatus.Released ? 0 : settlement.CostNanoUsd,
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Settlement of {RequestId} came after the ledger's end: its hold will be booked as abandoned")]
        public static partial void Stopped(ILogger logger, Guid requestId);

        [LoggerMessage(2, LogLevel.Warning, "Settlement of {RequestId} waits for the database")]
        public static partial void Late(ILogger logger, Guid requestId);
    }
}
