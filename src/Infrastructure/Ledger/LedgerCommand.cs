using System.Data;
using System.Data.Common;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>One statement, prepared once and run often; its parameters are set by position.</summary>
internal sealed class LedgerCommand : IDisposable
{
    private readonly DbCommand _command;

    public LedgerCommand(DbConnection connection, string sql, bool prepare, params ReadOnlySpan<(string Name, DbType Type)> parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        foreach (var (name, type) in parameters)
        {
            var parameter = _command.CreateParameter();
            parameter.ParameterName = name;
            parameter.DbType = type;
            _command.Parameters.Add(parameter);
        }

        if (prepare) _command.Prepare();
    }

    public object? this[int position]
    {
        set => _command.Parameters[position].Value = value ?? DBNull.Value;
    }

    public int Run() => _command.ExecuteNonQuery();

    public DbDataReader Read() => _command.ExecuteReader();

    public void Dispose() => _command.Dispose();
}
