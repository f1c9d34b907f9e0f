using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>Writes work in transactions on one long-lived connection, which it opens again after a failure.</summary>
internal sealed partial class LedgerSession(ILedgerDialect dialect, LedgerPosting posting, TimeProvider time, ILogger logger)
{
    private ILedgerConnection? _connection;

    /// <summary>Why the last attempt did not write.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whose fault that was.</summary>
    public LedgerFault Fault { get; private set; }

    /// <summary>Whether the last attempt had begun its transaction.</summary>
    public bool HadBegun { get; private set; }

    /// <summary>Writes all of the work or nothing of it.</summary>
    public LedgerOutcome Write(LedgerWork work)
    {
        HadBegun = false;
        try
        {
            _connection ??= dialect.Open();
            _connection.Begin();
            HadBegun = true;
            posting.Apply(_connection, work, time.GetUtcNow());
        }
        catch (Exception failure)
        {
            Failure = failure;
            Fault = HadBegun ? dialect.FaultOf(failure) : LedgerFault.Database;
            Undo();
            return Fault == LedgerFault.Database ? LedgerOutcome.Unavailable : LedgerOutcome.Refused;
        }

        try
        {
            _connection.Commit();
            return LedgerOutcome.Written;
        }
        catch (Exception failure)
        {
            (Failure, Fault) = (failure, LedgerFault.Database);
            Close();
            return LedgerOutcome.Unknown;
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
        [LoggerMessage(1, LogLevel.Warning, "The ledger's connection cannot be closed")]
        public static partial void NotClosed(ILogger logger, Exception failure);
    }
}
