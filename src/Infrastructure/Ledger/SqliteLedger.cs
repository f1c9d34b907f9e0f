using System.Globalization;
using AiGateway.Infrastructure.Persistence;
using Microsoft.Data.Sqlite;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>The ledger in a SQLite file. A transaction takes the file's write lock at once, which locks every counter.</summary>
internal sealed class SqliteLedger(SqliteFile file, LedgerSettings settings) : ILedgerDialect
{
    private const int Constraint = 19;
    private const int TooBig = 18;
    private const int Mismatch = 20;
    private const int PrimaryKey = 1555;
    private const int Unique = 2067;

    private const int CheckpointPages = 4000;
    private const int CacheKiB = 32 * 1024;

    // The size to which the write-ahead log shrinks after a long reader made it grow. It is twice the normal size, so the
    // log is not truncated and regrown in normal operation.
    private const int LogBytes = 32 * 1024 * 1024;

    public bool IsShared => false;

    public ILedgerConnection Open()
    {
        file.Watch();
        var patience = settings.CommitTimeout;
        var text = new SqliteConnectionStringBuilder(file.ConnectionString)
        {
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(patience.TotalSeconds),
        };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            file.Check();
            using var command = connection.CreateCommand();

            // FULL: a commit is on the disk before the provider is called, even when the power fails. Checkpoints are rarer
            // than by default, because the same few pages are written again and again.
            command.CommandText = string.Create(
                CultureInfo.InvariantCulture,
                $"PRAGMA busy_timeout={patience.TotalMilliseconds:0}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint={CheckpointPages}; PRAGMA journal_size_limit={LogBytes}; PRAGMA cache_size=-{CacheKiB}");
            command.ExecuteNonQuery();
            return new SqliteLedgerConnection(connection, file);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public LedgerFault FaultOf(Exception failure) => failure switch
    {
        SqliteException { SqliteExtendedErrorCode: PrimaryKey or Unique } => LedgerFault.DuplicateRequest,
        SqliteException { SqliteErrorCode: Constraint or TooBig or Mismatch } => LedgerFault.Operation,
        OverflowException or ArgumentException => LedgerFault.Operation,
        _ => LedgerFault.Database,
    };

    public bool IsConnectionLost(Exception failure) => false;
}
