using AiGateway.Infrastructure.Persistence;
using Microsoft.Data.SqlClient;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>The ledger in SQL Server. Several gateways may write.</summary>
internal sealed class SqlServerLedger(DatabaseSettings database, LedgerSettings settings) : ILedgerDialect
{
    private const int NullNotAllowed = 515;
    private const int Reference = 547;
    private const int DuplicateInIndex = 2601;
    private const int DuplicateKey = 2627;
    private const int ArithmeticOverflow = 8115;
    private const int Truncation = 2628;
    private const int OlderTruncation = 8152;
    private const int DeadlockVictim = 1205;
    private const int SnapshotConflict = 3960;

    public bool IsShared => true;

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

            command.CommandText = SqlServerStatements.Prepare;
            command.ExecuteNonQuery();
            return new SqlServerConnection(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public LedgerFault FaultOf(Exception failure) => failure switch
    {
        SqlException { Number: DeadlockVictim or SnapshotConflict } => LedgerFault.Collision,
        SqlException { Number: DuplicateKey or DuplicateInIndex } => LedgerFault.DuplicateRequest,
        SqlException { Number: NullNotAllowed or Reference or ArithmeticOverflow or Truncation or OlderTruncation } =>
            LedgerFault.Operation,
        OverflowException or ArgumentException => LedgerFault.Operation,
        _ => LedgerFault.Database,
    };
}
