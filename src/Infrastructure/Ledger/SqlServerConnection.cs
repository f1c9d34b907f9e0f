using System.Data;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using Microsoft.Data.SqlClient;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>
/// The ledger's statements in SQL Server, a whole batch of rows at a time and each in one round trip. BEGIN and COMMIT have
/// round trips of their own, since a command with parameters must end with as many transactions as it began with. It
/// belongs to the writer's thread.
/// </summary>
internal sealed class SqlServerConnection : ILedgerConnection
{
    private const int Unlimited = -1;

    private readonly SqlConnection _connection;
    private readonly SqlServerRows _rows = new();
    private readonly SqlCommand _begin;
    private readonly SqlCommand _commit;
    private readonly SqlCommand _rollback;
    private readonly SqlCommand _renew;
    private readonly SqlCommand _end;
    private readonly SqlCommand _raise;
    private readonly SqlCommand _abandon;
    private readonly SqlCommand _lockCounters;
    private readonly SqlCommand _insert;
    private readonly SqlCommand _saveCounters;
    private IDictionary<Guid, QuotaLimits>? _limits;

    /// <param name="connection">Open; owned from now on.</param>
    public SqlServerConnection(SqlConnection connection)
    {
        _connection = connection;
        _begin = ToCommand(SqlServerStatements.Begin);
        _commit = ToCommand(SqlServerStatements.Commit);
        _rollback = ToCommand(SqlServerStatements.Rollback);
        _renew = ToCommand(SqlServerStatements.Renew, Json("@rows"), Number("@lease"));
        _end = ToCommand(SqlServerStatements.End, Json("@rows"));
        _raise = ToCommand(SqlServerStatements.Raise, Json("@rows"));
        _abandon = ToCommand(SqlServerStatements.Abandon, Number("@now"), Number("@limit"));
        _lockCounters = ToCommand(SqlServerStatements.LockCounters, Json("@rows"), Json("@users"));
        _insert = ToCommand(SqlServerStatements.Insert, Json("@rows"), Number("@lease"));
        _saveCounters = ToCommand(SqlServerStatements.SaveCounters, Json("@rows"));
    }

    public void Begin()
    {
        _limits = null;
        _begin.ExecuteNonQuery();
    }

    public void Renew(IReadOnlyList<Guid> requestIds, DateTimeOffset leaseExpiresAt)
    {
        _renew.Parameters[0].Value = _rows.OfIds(requestIds);
        _renew.Parameters[1].Value = leaseExpiresAt.ToUnixTimeMilliseconds();
        _renew.ExecuteNonQuery();
    }

    public void End(IReadOnlyList<EndOperation> endings, ICollection<EndedRecord> ended)
    {
        _end.Parameters[0].Value = _rows.OfEndings(endings);
        using var rows = _end.ExecuteReader();
        while (rows.Read())
        {
            var wasAbandoned = (UsageStatus)rows.GetInt32(1) == UsageStatus.Abandoned;
            ended.Add(new(ToRecord(rows, 2), endings[rows.GetInt32(0)].Settlement, wasAbandoned));
        }

        ReadToEnd(rows);
    }

    public void Raise(IReadOnlyList<HoldRaise> raises, ICollection<RaisedRecord> raised)
    {
        _raise.Parameters[0].Value = _rows.OfRaises(raises);
        using var rows = _raise.ExecuteReader();
        while (rows.Read()) raised.Add(new(rows.GetGuid(0), ToRecord(rows, 1)));
        ReadToEnd(rows);
    }

    public void Abandon(DateTimeOffset now, int limit, ICollection<BookedRecord> abandoned)
    {
        _abandon.Parameters[0].Value = now.ToUnixTimeMilliseconds();
        _abandon.Parameters[1].Value = (long)limit;
        using var rows = _abandon.ExecuteReader();
        while (rows.Read()) abandoned.Add(ToRecord(rows, 0));
        ReadToEnd(rows);
    }

    public void ReadLimits(IReadOnlyCollection<Guid> userIds, IDictionary<Guid, QuotaLimits> limits)
    {
        _lockCounters.Parameters[1].Value = _rows.OfIds(userIds);
        _limits = limits;
    }

    public void LockCounters(IReadOnlyList<CounterKey> keys, IDictionary<CounterKey, Counter> counters)
    {
        _lockCounters.Parameters[0].Value = _rows.OfKeys(keys);
        if (_limits is null) _lockCounters.Parameters[1].Value = _rows.OfIds([]);
        using var rows = _lockCounters.ExecuteReader();
        while (rows.Read())
        {
            var key = keys[rows.GetInt32(0) - 1];
            counters.Add(key, new Counter(key, rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3)));
        }

        rows.NextResult();
        while (rows.Read())
            _limits!.Add(rows.GetGuid(0), new QuotaLimits(ReadLimit(rows, 1), ReadLimit(rows, 2), ReadLimit(rows, 3)));
        ReadToEnd(rows);
        if (counters.Count < keys.Count) throw new DataException($"Of {keys.Count} counters only {counters.Count} are there.");
    }

    public void Insert(IReadOnlyList<Hold> holds, DateTimeOffset leaseExpiresAt)
    {
        _insert.Parameters[0].Value = _rows.OfHolds(holds);
        _insert.Parameters[1].Value = leaseExpiresAt.ToUnixTimeMilliseconds();
        _insert.ExecuteNonQuery();
    }

    public void SaveCounters(IReadOnlyList<Counter> counters)
    {
        _saveCounters.Parameters[0].Value = _rows.OfCounters(counters);
        _saveCounters.ExecuteNonQuery();
    }

    public void Commit() => _commit.ExecuteNonQuery();

    public void Rollback() => _rollback.ExecuteNonQuery();

    public void Dispose()
    {
        SqlCommand[] commands =
            [_begin, _commit, _rollback, _renew, _end, _raise, _abandon, _lockCounters, _insert, _saveCounters];
        foreach (var command in commands) command.Dispose();
        _rows.Dispose();
        _connection.Dispose();
    }

    private SqlCommand ToCommand(string sql, params ReadOnlySpan<SqlParameter> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    private static SqlParameter Json(string name) => new(name, SqlDbType.NVarChar, Unlimited);

    private static SqlParameter Number(string name) => new(name, SqlDbType.BigInt);

    /// <summary>A failure after the last row shows only here.</summary>
    private static void ReadToEnd(SqlDataReader rows)
    {
        while (rows.NextResult())
        {
            // There is nothing more to read.
        }
    }

    private static BookedRecord ToRecord(SqlDataReader rows, int first) =>
        new(rows.GetGuid(first), rows.GetInt32(first + 1), rows.GetInt32(first + 2), rows.GetInt64(first + 3));

    private static long? ReadLimit(SqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetInt64(column);
}
