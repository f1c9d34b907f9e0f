using System.Globalization;
using AiGateway.Infrastructure.Persistence;
using Microsoft.Data.Sqlite;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>The ledger in a SQLite file. A transaction takes the file's write lock at once, which locks every counter.</summary>
internal sealed class SqliteLedger(DatabaseSettings database, LedgerSettings settings) : ILedgerDialect
{
    private const int Constraint = 19;
    private const int TooBig = 18;
    private const int Mismatch = 20;
    private const int PrimaryKey = 1555;
    private const int Unique = 2067;

    private const string Record = "RETURNING user_id, day, month, held_nano_usd";

    public static readonly LedgerStatements Statements = new()
    {
        Begin = "BEGIN IMMEDIATE",
        Commit = "COMMIT",
        Rollback = "ROLLBACK",
        EndHeld = $"{LedgerStatements.SetEnded} WHERE id = @id AND status = 0 {Record}",
        EndAbandoned = $"{LedgerStatements.SetEnded} WHERE id = @id AND status = 3 {Record}",
        Abandon = $"""
            UPDATE usage_records {LedgerStatements.SetAbandoned}
            WHERE id IN (
              SELECT id FROM usage_records WHERE status = 0 AND lease_expires_at <= @now ORDER BY lease_expires_at LIMIT @limit)
            {Record}
            """,
        LockCounter = """
            SELECT requests, settled_nano_usd, held_nano_usd FROM quota_counters
            WHERE user_id = @user AND kind = @kind AND start = @start
            """,
        AddCounter = """
            INSERT INTO quota_counters (user_id, kind, start, requests, settled_nano_usd, held_nano_usd)
            VALUES (@user, @kind, @start, 0, 0, 0)
            """,
    };

    public ILedgerConnection Open()
    {
        var patience = settings.CommitTimeout;
        var text = new SqliteConnectionStringBuilder(database.ConnectionString)
        {
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(patience.TotalSeconds),
        };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();

            // FULL: a commit is on the disk before the provider is called, also when the power fails.
            command.CommandText = string.Create(
                CultureInfo.InvariantCulture,
                $"PRAGMA busy_timeout={patience.TotalMilliseconds:0}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
            command.ExecuteNonQuery();
            return new LedgerConnection(connection, Statements, prepare: true);
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
}
