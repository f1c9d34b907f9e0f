using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Ledger.Writer;

/// <summary>
/// Answers requests that have waited for the ledger as long as they may. One shared timer: a timer per request would cost
/// every request, to serve the few that time out. It fires ten times in that period.
/// </summary>
internal sealed partial class LedgerTimeouts(LedgerQueue queue, TimeSpan longestWait, TimeProvider time, ILogger logger) : IDisposable
{
    private ITimer? _timer;

    public void Start() => _timer = time.CreateTimer(_ => AnswerLate(), null, longestWait / 10, longestWait / 10);

    public void Dispose() => _timer?.Dispose();

    private void AnswerLate()
    {
        var (holds, settlements, raises) = (new List<HoldOperation>(), new List<SettleOperation>(), new List<RaiseOperation>());
        queue.FindWaiting(time.GetTimestamp() - (long)(longestWait.TotalSeconds * time.TimestampFrequency), holds, settlements, raises);
        var answers = new LedgerCompletions();
        foreach (var hold in holds)
        {
            if (!hold.TryLeave(ErrorCode.LedgerUnavailable)) continue;
            hold.Failure = new LedgerUnavailableException();
            answers.Add(hold);
        }

        foreach (var settlement in settlements)
        {
            // The settlement stays queued; only its request stops waiting.
            if (settlement.Task.IsCompleted) continue;
            Log.Late(logger, settlement.Settlement.RequestId);
            answers.Add(settlement);
        }

        // The raise may still be written; the settlement ends it with the hold.
        foreach (var raise in raises) raise.TrySetResult(false);
        answers.Send();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Settlement of {RequestId} waits for the database")]
        public static partial void Late(ILogger logger, Guid requestId);
    }
}
