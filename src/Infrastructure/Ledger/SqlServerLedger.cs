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
    private const int Timeout = -2;

    // From this severity on, the server or the driver has closed the connection.
    private const byte ConnectionIsOver = 20;

    public bool IsShared => true;

    /// <summary>
    /// The operator's connection string, for one long-lived connection. Multiple active result sets are off: with them the
    /// server rolls a transaction back at the end of the batch that began it. A longer connect time-out of the operator
    /// applies, because Azure SQL may take half a minute to resume.
    /// </summary>
    public string ConnectionString
    {
        get
        {
            var text = new SqlConnectionStringBuilder(database.ConnectionString);
            var seconds = (int)Math.Ceiling(settings.CommitTimeout.TotalSeconds);
            text.ConnectTimeout = text.ShouldSerialize("Connect Timeout") ? LargerTimeout(seconds, text.ConnectTimeout) : seconds;
            (text.Pooling, text.MultipleActiveResultSets, text.CommandTimeout) = (false, false, seconds);
            return text.ToString();
        }
    }

    public ILedgerConnection Open()
    {
        var connection = new SqlConnection(ConnectionString);
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
        SqlException { Number: DeadlockVictim or SnapshotConflict or SqlServerStatements.CounterChanged } => LedgerFault.Collision,
        SqlException { Number: DuplicateKey or DuplicateInIndex } => LedgerFault.DuplicateRequest,
        SqlException { Number: NullNotAllowed or Reference or ArithmeticOverflow or Truncation or OlderTruncation } =>
            LedgerFault.Operation,
        OverflowException or ArgumentException => LedgerFault.Operation,
        _ => LedgerFault.Database,
    };

    public bool IsConnectionLost(Exception failure) =>
        failure is SqlException { Class: >= ConnectionIsOver, Number: not Timeout } or InvalidOperationException;

    // 0 means no limit.
    private static int LargerTimeout(int first, int second) => second == 0 ? 0 : Math.Max(first, second);
}
