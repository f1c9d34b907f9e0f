using AiGateway.Domain;
using Npgsql;
using NpgsqlTypes;

namespace AiGateway.Infrastructure.Ledger.Sql.Postgres;

/// <summary>The limits of users and the state of the budgets: read, or checked against what is assumed.</summary>
internal sealed class PostgresLimits
{
    private readonly List<Guid> _users;
    private readonly List<Guid> _known;
    private readonly List<bool> _hasLimits;
    private readonly List<long?> _daily;
    private readonly List<long?> _monthly;
    private readonly List<long?> _spend;
    private readonly NpgsqlParameter<long> _epoch;
    private readonly NpgsqlParameter<long> _budgets;
    private readonly NpgsqlParameter<long> _rates;

    public PostgresLimits()
    {
        _users = Read.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _known = Check.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _hasLimits = Check.AddColumn<bool>(NpgsqlDbType.Boolean);
        _daily = Check.AddColumn<long?>(NpgsqlDbType.Bigint);
        _monthly = Check.AddColumn<long?>(NpgsqlDbType.Bigint);
        _spend = Check.AddColumn<long?>(NpgsqlDbType.Bigint);
        _epoch = Check.AddValue<long>(NpgsqlDbType.Bigint);
        _budgets = Check.AddValue<long>(NpgsqlDbType.Bigint);
        _rates = Check.AddValue<long>(NpgsqlDbType.Bigint);
    }

    public PostgresCommand Read { get; } = new(PostgresLedgerStatements.ReadLimits);

    public PostgresCommand Check { get; } = new(PostgresLedgerStatements.CheckLimits);

    /// <summary>The users whose limits are read or checked.</summary>
    public IReadOnlyList<Guid> Users => _users;

    public void Fill(IReadOnlyCollection<Guid> users)
    {
        Read.Clear();
        _users.AddRange(users);
    }

    /// <summary>What is assumed of the limits of <see cref="Users"/> and of the budgets.</summary>
    public void FillCheck(IDictionary<Guid, QuotaLimits>? limits, BudgetEpoch epoch)
    {
        Check.Clear();
        foreach (var user in _users)
        {
            var known = limits!.TryGetValue(user, out var found) ? found : (QuotaLimits?)null;
            _known.Add(user);
            _hasLimits.Add(known is not null);
            _daily.Add(known?.DailyRequests);
            _monthly.Add(known?.MonthlyRequests);
            _spend.Add(known?.MonthlySpendNanoUsd);
        }

        (_epoch.TypedValue, _budgets.TypedValue, _rates.TypedValue) = (epoch.Number, epoch.Budgets, epoch.Rates);
    }

    public static BudgetEpoch ReadRows(NpgsqlDataReader rows, IDictionary<Guid, QuotaLimits>? limits)
    {
        var epoch = default(BudgetEpoch);
        while (rows.Read())
        {
            if (rows.IsDBNull(0)) epoch = new(rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3));
            else limits!.TryAdd(rows.GetGuid(0), new QuotaLimits(Limit(rows, 1), Limit(rows, 2), Limit(rows, 3)));
        }

        return epoch;
    }

    private static long? Limit(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetInt64(column);
}
