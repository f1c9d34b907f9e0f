using AiGateway.Domain;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>
/// Answers those who have waited for the books as long as a request may: one timer for all of them, because one for each
/// would cost every request of every day what only those of a bad one need. It looks ten times in that span.
/// </summary>
internal sealed partial class LedgerPatience(LedgerQueue queue, TimeSpan longestWait, TimeProvider time, ILogger logger) : IDisposable
{
    private ITimer? _timer;

    public void Start() => _timer = time.CreateTimer(_ => AnswerLate(), null, longestWait / 10, longestWait / 10);

    public void Dispose() => _timer?.Dispose();

    private void AnswerLate()
    {
        var (holds, endings, raises) = (new List<HoldOperation>(), new List<EndOperation>(), new List<RaiseOperation>());
        queue.FindWaiting(time.GetTimestamp() - (long)(longestWait.TotalSeconds * time.TimestampFrequency), holds, endings, raises);
        var answers = new LedgerAnswers();
        foreach (var hold in holds)
        {
            if (!hold.TryLeave(ErrorCode.LedgerUnavailable)) continue;
            hold.Failure = new LedgerUnavailableException();
            answers.Add(hold);
        }

        foreach (var ending in endings)
        {
            // It goes on waiting; only who waits for it does not.
            if (ending.Task.IsCompleted) continue;
            Log.Late(logger, ending.Settlement.RequestId);
            answers.Add(ending);
        }

        // It may still be raised; the settlement ends it with the hold.
        foreach (var raise in raises) raise.TrySetResult(false);
        answers.Send();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Settlement of {RequestId} waits for the database")]
        public static partial void Late(ILogger logger, Guid requestId);
    }
}
