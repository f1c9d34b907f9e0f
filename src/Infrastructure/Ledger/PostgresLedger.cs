using AiGateway.Infrastructure.Persistence;
using Npgsql;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>The ledger in PostgreSQL. Several gateways may write.</summary>
internal sealed class PostgresLedger(DatabaseSettings database, LedgerSettings settings) : ILedgerDialect
{
    public bool IsShared => true;

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
            using var command = connection.CreateCommand();
            command.CommandText = PostgresStatements.Prepare;
            command.ExecuteNonQuery();
            return new PostgresConnection(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public LedgerFault FaultOf(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } =>
            LedgerFault.Collision,
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => LedgerFault.DuplicateRequest,
        PostgresException { SqlState: ['2', '2' or '3', ..] } => LedgerFault.Operation,
        OverflowException or ArgumentException => LedgerFault.Operation,
        _ => LedgerFault.Database,
    };
}
