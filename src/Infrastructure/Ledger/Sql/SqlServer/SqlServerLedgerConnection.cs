using System.Data;
using System.Data.Common;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Rates;
using Microsoft.Data.SqlClient;

namespace AiGateway.Infrastructure.Ledger.Sql.SqlServer;

/// <summary>
/// The ledger's statements in SQL Server, a whole batch of rows at a time. A transaction takes at most three round trips:
/// settlements; counters and limits; holds, counters and COMMIT. A transaction is always open, see
/// <see cref="SqlServerLedgerStatements"/>. The connection belongs to the writer's thread.
/// </summary>
internal sealed class SqlServerLedgerConnection : ILedgerConnection
{
    private const int Unlimited = -1;

    // No rows, as JSON.
    private const string Nothing = "[]";

    private readonly SqlConnection _connection;
    private readonly SqlServerRows _rows = new();
    private readonly SqlCommand _commit;
    private readonly SqlCommand _rollback;
    private readonly SqlCommand _renew;
    private readonly SqlCommand _end;
    private readonly SqlCommand _raise;
    private readonly SqlCommand _expire;
    private readonly SqlCommand _lockCounters;
    private readonly SqlCommand _lockCountersAndRates;
    private readonly SqlCommand _finish;
    private readonly SqlCommand _finishWithRates;
    private IDictionary<Guid, QuotaLimits>? _limits;
    private LockedRates? _rates;
    private string _limitUsers = Nothing;
    private string? _holds;
    private long _lease;
    private string? _counters;
    private string? _budgets;
    private string? _changedRates;

    /// <param name="connection">Open and prepared; owned from now on.</param>
    public SqlServerLedgerConnection(SqlConnection connection)
    {
        _connection = connection;
        _commit = ToCommand(SqlServerLedgerStatements.Commit);
        _rollback = ToCommand(SqlServerLedgerStatements.Rollback);
        _renew = ToCommand(SqlServerLedgerStatements.Renew, Json("@rows"), Number("@lease"));
        _end = ToCommand(SqlServerLedgerStatements.End, Json("@rows"));
        _raise = ToCommand(SqlServerLedgerStatements.Raise, Json("@rows"));
        _expire = ToCommand(SqlServerLedgerStatements.Expire, Number("@now"), Number("@limit"));
        _lockCounters = ToCommand(SqlServerLedgerStatements.LockCounters, Json("@rows"), Json("@users"), Json("@budgets"));
        _lockCountersAndRates = ToCommand(
            SqlServerRateStatements.LockCountersAndRates, Json("@rows"), Json("@users"), Json("@budgets"), Json("@rates"));
        _finish = ToCommand(SqlServerLedgerStatements.Finish, Json("@holds"), Number("@lease"), Json("@counters"), Json("@budgets"));
        _finishWithRates = ToCommand(
            SqlServerRateStatements.FinishWithRates, Json("@holds"), Number("@lease"), Json("@counters"), Json("@budgets"), Json("@rates"));
    }

    public DbConnection Connection => _connection;

    /// <summary>The transaction began when the previous one ended.</summary>
    public void Begin()
    {
        (_limits, _limitUsers, _rates) = (null, Nothing, null);
        (_holds, _lease) = (null, 0);
        _counters = _budgets = _changedRates = null;
    }

    public void Renew(IReadOnlyList<Guid> requestIds, DateTimeOffset leaseExpiresAt)
    {
        _renew.Parameters[0].Value = _rows.OfIds(requestIds);
        _renew.Parameters[1].Value = leaseExpiresAt.ToUnixTimeMilliseconds();
        _renew.ExecuteNonQuery();
    }

    public bool TrySettleLater(
        IReadOnlyList<SettleOperation> settlements, IReadOnlyList<CountedRecord> expected, ICollection<SettledRecord> settled) => false;

    public void Settle(IReadOnlyList<SettleOperation> settlements, ICollection<SettledRecord> settled)
    {
        _end.Parameters[0].Value = _rows.OfSettlements(settlements);
        using var rows = _end.ExecuteReader();
        while (rows.Read())
        {
            var hasExpired = (UsageStatus)rows.GetInt32(1) == UsageStatus.Expired;
            settled.Add(new(ToRecord(rows, 2), settlements[rows.GetInt32(0)].Settlement, hasExpired));
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

    public void Expire(DateTimeOffset now, int limit, ICollection<CountedRecord> expired)
    {
        _expire.Parameters[0].Value = now.ToUnixTimeMilliseconds();
        _expire.Parameters[1].Value = (long)limit;
        using var rows = _expire.ExecuteReader();
        while (rows.Read()) expired.Add(ToRecord(rows, 0));
        ReadToEnd(rows);
    }

    public void ReadLimits(IReadOnlyCollection<Guid> userIds, IDictionary<Guid, QuotaLimits> limits)
    {
        _limitUsers = _rows.OfIds(userIds);
        _limits = limits;
    }

    public void LockRates(LockedRates rates, DateTimeOffset now)
    {
        _lockCountersAndRates.Parameters[3].Value = _rows.OfRates(rates.Needed);
        _rates = rates;
    }

    public BudgetEpoch LockCounters(IReadOnlyList<NeededCounter> needed, IDictionary<CounterKey, Counter> counters)
    {
        var command = _rates is null ? _lockCounters : _lockCountersAndRates;
        command.Parameters[0].Value = _rows.OfKeys(needed);
        command.Parameters[1].Value = _limitUsers;
        command.Parameters[2].Value = _rows.OfBudgetKeys(needed);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var key = needed[rows.GetInt32(0) - 1].Key;
            counters.Add(key, new Counter(key, new(rows.GetInt64(1), 0, 0, 0, rows.GetInt64(2), rows.GetInt64(3))));
        }

        rows.NextResult();
        while (rows.Read())
        {
            var (key, scope, _) = needed[rows.GetInt32(0) - 1];
            counters.Add(key, new Counter(key, new(
                rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5), rows.GetInt64(6)), scope));
        }

        rows.NextResult();
        var epoch = rows.Read() ? new BudgetEpoch(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2)) : default;
        rows.NextResult();
        while (rows.Read())
            _limits!.TryAdd(rows.GetGuid(0), new QuotaLimits(ReadLimit(rows, 1), ReadLimit(rows, 2), ReadLimit(rows, 3)));
        if (_rates is not null) ReadRates(rows, _rates);
        _rates = null;
        ReadToEnd(rows);
        if (needed.Any(counter => !counter.Key.OfBudget && !counters.ContainsKey(counter.Key)))
            throw new DataException("A counter of a user could not be added.");
        return epoch;
    }

    public void Insert(IReadOnlyList<Hold> holds, DateTimeOffset leaseExpiresAt)
    {
        _holds = _rows.OfHolds(holds);
        _lease = leaseExpiresAt.ToUnixTimeMilliseconds();
    }

    public void SaveCounters(IReadOnlyList<Counter> counters) =>
        (_counters, _budgets) = (_rows.OfCounters(counters), _rows.OfBudgetCounters(counters));

    public void SaveRates(IReadOnlyCollection<RateState> rates) => _changedRates = _rows.OfRates(rates);

    public void Commit()
    {
        if (_holds is null && _counters is null)
        {
            _commit.ExecuteNonQuery();
            return;
        }

        var command = _changedRates is null ? _finish : _finishWithRates;
        command.Parameters[0].Value = _holds ?? Nothing;
        command.Parameters[1].Value = _lease;
        command.Parameters[2].Value = _counters ?? Nothing;
        command.Parameters[3].Value = _budgets ?? Nothing;
        if (_changedRates is not null) command.Parameters[4].Value = _changedRates;
        command.ExecuteNonQuery();
    }

    public void Rollback() => _rollback.ExecuteNonQuery();

    public void Dispose()
    {
        SqlCommand[] commands =
            [_commit, _rollback, _renew, _end, _raise, _expire, _lockCounters, _lockCountersAndRates, _finish, _finishWithRates];
        foreach (var command in commands) command.Dispose();
        _rows.Dispose();
        _connection.Dispose();
    }

    private static void ReadRates(SqlDataReader rows, LockedRates rates)
    {
        rows.NextResult();
        while (rows.Read()) rates.Add(rows.GetInt32(0) - 1, rows.GetInt64(1));
        rows.NextResult();
        rows.Read();
        rates.Now = rows.GetInt64(0);
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
            // No further rows exist.
        }
    }

    private static CountedRecord ToRecord(SqlDataReader rows, int first) => new()
    {
        UserId = rows.GetGuid(first),
        Day = rows.GetInt32(first + 1),
        Month = rows.GetInt32(first + 2),
        HeldNanoUsd = rows.GetInt64(first + 3),
        HeldTokens = rows.IsDBNull(first + 4) ? 0 : rows.GetInt64(first + 4),
        At = rows.GetInt64(first + 5),
        ApiKeyId = rows.IsDBNull(first + 6) ? null : rows.GetGuid(first + 6),
        ChargeSetId = rows.IsDBNull(first + 7) ? null : rows.GetGuid(first + 7),
        EndUser = rows.IsDBNull(first + 8) ? null : rows.GetString(first + 8),
        RequestedModel = rows.GetString(first + 9),
    };

    private static long? ReadLimit(SqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetInt64(column);
}
