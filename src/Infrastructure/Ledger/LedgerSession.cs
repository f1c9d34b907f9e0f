using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>Writes work in transactions on one long-lived connection, which it opens again after a failure.</summary>
internal sealed partial class LedgerSession(ILedgerDialect dialect, LedgerPosting posting, TimeProvider time, ILogger logger)
{
    /// <summary>Whoever loses that often is not unlucky: the database is in no state to write.</summary>
    public const int MostTries = 10;

    private ILedgerConnection? _connection;

    /// <summary>Why the last attempt did not write.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whose fault that was.</summary>
    public LedgerFault Fault { get; private set; }

    /// <summary>Whether the last attempt had begun its transaction.</summary>
    public bool HadBegun { get; private set; }

    /// <summary>Writes all of the work or nothing of it. Where it collides with another writer, it is tried again as a whole.</summary>
    public LedgerOutcome Write(LedgerWork work)
    {
        for (var tries = 1; ; tries++)
        {
            var outcome = TryWrite(work);
            if (outcome == LedgerOutcome.Written || Fault != LedgerFault.Collision || tries == MostTries) return outcome;
            Log.Collided(logger, tries, Failure!);
        }
    }

    public void Close()
    {
        try
        {
            _connection?.Dispose();
        }
        catch (Exception failure)
        {
            Log.NotClosed(logger, failure);
        }

        _connection = null;
    }

    /// <summary>
    /// A connection that was cut while nobody used it shows only at its next use: a failover, a firewall, an administrator. As
    /// long as no commit was sent nothing can be written, so the work is tried again on a new connection, once.
    /// </summary>
    private LedgerOutcome TryWrite(LedgerWork work)
    {
        var isReused = _connection is not null;
        var outcome = WriteOnce(work);
        if (!isReused || outcome != LedgerOutcome.Unavailable || !dialect.IsConnectionLost(Failure!)) return outcome;
        Log.Cut(logger, Failure!.Message);
        return WriteOnce(work);
    }

    private LedgerOutcome WriteOnce(LedgerWork work)
    {
        HadBegun = false;
        var isCommitting = false;
        try
        {
            _connection ??= dialect.Open();
            _connection.Begin();
            HadBegun = true;
            posting.Apply(_connection, work, time.GetUtcNow());
            isCommitting = true;
            _connection.Commit();
            return LedgerOutcome.Written;
        }
        catch (Exception failure)
        {
            Failure = failure;
            Fault = HadBegun ? dialect.FaultOf(failure) : LedgerFault.Database;
            Undo();
            return Fault switch
            {
                LedgerFault.Operation or LedgerFault.DuplicateRequest => LedgerOutcome.Refused,
                LedgerFault.Database when isCommitting => LedgerOutcome.Unknown,
                _ => LedgerOutcome.Unavailable,
            };
        }
    }

    private void Undo()
    {
        try
        {
            if (Fault == LedgerFault.Database) Close();
            else _connection!.Rollback();
        }
        catch (Exception)
        {
            // The failure that led here is the one that is told; a new connection knows nothing of the transaction.
            Close();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The ledger connection could not be closed")]
        public static partial void NotClosed(ILogger logger, Exception failure);

        [LoggerMessage(2, LogLevel.Warning, "The ledger transaction collided with another writer and is retried; tries so far: {Tries}")]
        public static partial void Collided(ILogger logger, int tries, Exception failure);

        [LoggerMessage(3, LogLevel.Warning, "The ledger connection was lost and is reopened: {Problem}")]
        public static partial void Cut(ILogger logger, string problem);
    }
}
