using System.Data;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Sql;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Ledger.Writer;

/// <summary>Writes work in transactions on one long-lived connection, which is reopened after a failure.</summary>
internal sealed partial class LedgerSession(ILedgerDialect dialect, LedgerPosting posting, TimeProvider time, ILogger logger)
{
    /// <summary>After so many collisions the cause is not chance: the database is unable to write.</summary>
    public const int MostTries = 10;

    /// <summary>Budgets that change while a transaction begins delay it. After so many times the cause is another one.</summary>
    private const int MostPreparations = 100;

    private ILedgerConnection? _connection;

    /// <summary>Why the last attempt did not write.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The cause of that failure.</summary>
    public LedgerFault Fault { get; private set; }

    /// <summary>Whether the last attempt had begun its transaction.</summary>
    public bool HadBegun { get; private set; }

    /// <summary>
    /// Writes all of the work or none of it. After a collision with another writer or a wrong assumption, all of it is retried.
    /// </summary>
    public LedgerOutcome Write(LedgerBatch work)
    {
        for (var tries = 1; ; tries++)
        {
            var outcome = TryWrite(work);
            var mayRetry = Fault is LedgerFault.Collision or LedgerFault.Assumption;
            if (outcome == LedgerOutcome.Written || !mayRetry || tries == MostTries) return outcome;
            if (Fault == LedgerFault.Collision) Log.Collided(logger, tries, Failure!);
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
    /// A connection that was lost while idle, for example by a failover or a firewall, fails only at its next use. Before
    /// the commit is sent nothing can be written, so the work is retried on a new connection, once.
    /// </summary>
    private LedgerOutcome TryWrite(LedgerBatch work)
    {
        var isReused = _connection is not null;
        var outcome = WriteOnce(work);
        if (!isReused || outcome != LedgerOutcome.Unavailable || !dialect.IsConnectionLost(Failure!)) return outcome;
        Log.Cut(logger, Failure!.Message);
        return WriteOnce(work);
    }

    private LedgerOutcome WriteOnce(LedgerBatch work)
    {
        HadBegun = false;
        var (isCommitting, isPreparing) = (false, false);
        try
        {
            _connection ??= dialect.Open();
            _connection.Begin();
            HadBegun = true;
            for (var tries = 1; !posting.TryApply(_connection, work, time.GetUtcNow()); tries++)
            {
                if (tries == MostPreparations) throw new DataException("Budgets changed at every attempt, or a counter could not be opened.");
                isPreparing = true;
                Prepare(_connection);
                isPreparing = false;
            }

            isCommitting = true;
            _connection.Commit();
            posting.Committed();
            return LedgerOutcome.Written;
        }
        catch (Exception failure)
        {
            Failure = failure;
            Fault = HadBegun ? FaultOf(failure, isPreparing) : LedgerFault.Database;
            Undo();
            return Fault switch
            {
                LedgerFault.Operation or LedgerFault.DuplicateRequest => LedgerOutcome.Refused,
                LedgerFault.Database when isCommitting => LedgerOutcome.Unknown,
                _ => LedgerOutcome.Unavailable,
            };
        }
    }

    /// <summary>In a transaction of its own, because the sums of opened counters must not see the work half done.</summary>
    private void Prepare(ILedgerConnection connection)
    {
        connection.Rollback();
        connection.Begin();
        posting.Prepare(connection);
        connection.Commit();
        posting.Prepared();
        connection.Begin();
    }

    // Another gateway opened the same counter, or stored the same set.
    private LedgerFault FaultOf(Exception failure, bool isPreparing) => dialect.FaultOf(failure) switch
    {
        LedgerFault.DuplicateRequest when isPreparing => LedgerFault.Collision,
        var fault => fault,
    };

    private void Undo()
    {
        try
        {
            if (Fault == LedgerFault.Database) Close();
            else _connection!.Rollback();
        }
        catch (Exception)
        {
            // The first failure is the one to report. A new connection has no part in the failed transaction.
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
