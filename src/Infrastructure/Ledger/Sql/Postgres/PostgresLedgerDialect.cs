using System.Net.Sockets;
using AiGateway.Infrastructure.Persistence;
using Npgsql;

namespace AiGateway.Infrastructure.Ledger.Sql.Postgres;

/// <summary>The ledger in PostgreSQL. Several gateways may write.</summary>
internal sealed class PostgresLedgerDialect(DatabaseSettings database, LedgerSettings settings) : ILedgerDialect
{
    private const string IdleInTransactionTimeout = "25P03";
    private const string IdleSessionTimeout = "57P05";

    public bool IsShared => true;

    /// <summary>
    /// The operator's connection string, for one long-lived connection; a longer connect time-out of the operator applies.
    /// </summary>
    public string ConnectionString
    {
        get
        {
            var text = new NpgsqlConnectionStringBuilder(database.LedgerConnectionString ?? database.ConnectionString);
            var seconds = (int)Math.Ceiling(settings.CommitTimeout.TotalSeconds);
            text.Timeout = text.ShouldSerialize(nameof(text.Timeout)) ? LargerTimeout(seconds, text.Timeout) : seconds;
            (text.Pooling, text.CommandTimeout) = (false, seconds);
            return text.ToString();
        }
    }

    public ILedgerConnection Open()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = PostgresLedgerStatements.Prepare;
            command.ExecuteNonQuery();
            return new PostgresLedgerConnection(connection, settings);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public LedgerFault FaultOf(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DivisionByZero } => LedgerFault.Assumption,
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } =>
            LedgerFault.Collision,
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => LedgerFault.DuplicateRequest,
        PostgresException { SqlState: ['2', '2' or '3', ..] } => LedgerFault.Operation,
        OverflowException or ArgumentException => LedgerFault.Operation,
        _ => LedgerFault.Database,
    };

    public bool IsConnectionLost(Exception failure) => failure switch
    {
        PostgresException refused => refused.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or IdleInTransactionTimeout or IdleSessionTimeout,
        NpgsqlException broken => broken.InnerException is IOException or SocketException,
        _ => failure is InvalidOperationException,
    };

    // 0 means no limit.
    private static int LargerTimeout(int first, int second) => second == 0 ? 0 : Math.Max(first, second);
}
