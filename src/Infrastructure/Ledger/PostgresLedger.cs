using AiGateway.Infrastructure.Persistence;
using Npgsql;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>The ledger in PostgreSQL. Several gateways may write: rows are locked one by one, counters in key order.</summary>
internal sealed class PostgresLedger(DatabaseSettings database, LedgerSettings settings) : ILedgerDialect
{
    private const string Record = "RETURNING user_id, day, month, held_nano_usd";

    public static readonly LedgerStatements Statements = new()
    {
        Begin = "BEGIN ISOLATION LEVEL READ COMMITTED",
        Commit = "COMMIT",
        Rollback = "ROLLBACK",
        EndHeld = $"{LedgerStatements.SetEnded} WHERE id = @id AND status = 0 {Record}",
        EndAbandoned = $"{LedgerStatements.SetEnded} WHERE id = @id AND status = 3 {Record}",

        // What another gateway has locked is being ended or swept by it: skipping it waits for nobody.
        Abandon = $"""
            UPDATE usage_records {LedgerStatements.SetAbandoned}
            WHERE id IN (
              SELECT id FROM usage_records WHERE status = 0 AND lease_expires_at <= @now
              ORDER BY lease_expires_at LIMIT @limit FOR UPDATE SKIP LOCKED)
            {Record}
            """,
        LockCounter = """
            SELECT requests, settled_nano_usd, held_nano_usd FROM quota_counters
            WHERE user_id = @user AND kind = @kind AND start = @start FOR UPDATE
            """,
        AddCounter = """
            INSERT INTO quota_counters (user_id, kind, start, requests, settled_nano_usd, held_nano_usd)
            VALUES (@user, @kind, @start, 0, 0, 0) ON CONFLICT DO NOTHING
            """,
    };

    public ILedgerConnection Open()
    {
        var seconds = (int)Math.Ceiling(settings.CommitTimeout.TotalSeconds);
        var text = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Pooling = false,
            Timeout = seconds,
            CommandTimeout = seconds,
        };
        var connection = new NpgsqlConnection(text.ToString());
        try
        {
            connection.Open();
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
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => LedgerFault.DuplicateRequest,
        PostgresException { SqlState: ['2', '2' or '3', ..] } => LedgerFault.Operation,
        OverflowException or ArgumentException => LedgerFault.Operation,
        _ => LedgerFault.Database,
    };
}
