using AiGateway.Infrastructure.Persistence;
using Microsoft.Data.SqlClient;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>The ledger in SQL Server. Several gateways may write: a counter is locked by updating it, in key order.</summary>
internal sealed class SqlServerLedger(DatabaseSettings database, LedgerSettings settings) : ILedgerDialect
{
    private const int NullNotAllowed = 515;
    private const int Reference = 547;
    private const int DuplicateInIndex = 2601;
    private const int DuplicateKey = 2627;
    private const int ArithmeticOverflow = 8115;
    private const int Truncation = 2628;

    private const string Record = "OUTPUT inserted.user_id, inserted.day, inserted.month, inserted.held_nano_usd";

    public static readonly LedgerStatements Statements = new()
    {
        Begin = "BEGIN TRANSACTION",
        Commit = "COMMIT TRANSACTION",
        Rollback = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION",
        EndHeld = $"{LedgerStatements.SetEnded} {Record} WHERE id = @id AND status = 0",
        EndAbandoned = $"{LedgerStatements.SetEnded} {Record} WHERE id = @id AND status = 3",

        // What another gateway has locked is being ended or swept by it: skipping it waits for nobody.
        Abandon = $"""
            UPDATE TOP (@limit) usage_records WITH (READPAST)
            {LedgerStatements.SetAbandoned}
            {Record}
            WHERE status = 0 AND lease_expires_at <= @now
            """,

        // Reading first and updating later would let two writers deadlock on the same row.
        LockCounter = """
            UPDATE quota_counters SET requests = requests
            OUTPUT inserted.requests, inserted.settled_nano_usd, inserted.held_nano_usd
            WHERE user_id = @user AND kind = @kind AND start = @start
            """,
        AddCounter = """
            INSERT INTO quota_counters (user_id, kind, start, requests, settled_nano_usd, held_nano_usd)
            SELECT @user, @kind, @start, 0, 0, 0
            WHERE NOT EXISTS (
              SELECT 1 FROM quota_counters WITH (UPDLOCK, HOLDLOCK)
              WHERE user_id = @user AND kind = @kind AND start = @start)
            """,
    };

    public ILedgerConnection Open()
    {
        var seconds = (int)Math.Ceiling(settings.CommitTimeout.TotalSeconds);
        var text = new SqlConnectionStringBuilder(database.ConnectionString)
        {
            Pooling = false,
            ConnectTimeout = seconds,
            CommandTimeout = seconds,
        };
        var connection = new SqlConnection(text.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();

            // A statement that fails ends the transaction, so that the writer never commits half of one.
            command.CommandText = "SET XACT_ABORT ON; SET TRANSACTION ISOLATION LEVEL READ COMMITTED";
            command.ExecuteNonQuery();
            return new LedgerConnection(connection, Statements, prepare: false);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public LedgerFault FaultOf(Exception failure) => failure switch
    {
        SqlException { Number: DuplicateKey or DuplicateInIndex } => LedgerFault.DuplicateRequest,
        SqlException { Number: NullNotAllowed or Reference or ArithmeticOverflow or Truncation } => LedgerFault.Operation,
        OverflowException or ArgumentException => LedgerFault.Operation,
        _ => LedgerFault.Database,
    };
}
