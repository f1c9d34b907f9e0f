using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Rates;
using Npgsql;
using NpgsqlTypes;

namespace AiGateway.Infrastructure.Ledger.Sql.Postgres;

/// <summary>The statements of rates: they lock the rows, read the clock after it, and set the times.</summary>
internal sealed class PostgresRates
{
    private readonly List<Guid> _lockScope;
    private readonly List<int> _lockMetric;
    private readonly List<Guid> _saveScope;
    private readonly List<int> _saveMetric;
    private readonly List<long> _saveTat;

    public PostgresRates()
    {
        _lockScope = Lock.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _lockMetric = Lock.AddColumn<int>(NpgsqlDbType.Integer);
        _saveScope = Save.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _saveMetric = Save.AddColumn<int>(NpgsqlDbType.Integer);
        _saveTat = Save.AddColumn<long>(NpgsqlDbType.Bigint);
    }

    public PostgresCommand Lock { get; } = new(PostgresLedgerStatements.LockRates);

    public PostgresCommand Clock { get; } = new(PostgresLedgerStatements.ReadClock);

    public PostgresCommand Save { get; } = new(PostgresLedgerStatements.SaveRates);

    public void FillLock(IReadOnlyList<Rate> needed)
    {
        Lock.Clear();
        foreach (var rate in needed)
        {
            _lockScope.Add(rate.ScopeId);
            _lockMetric.Add((int)rate.Metric);
        }
    }

    /// <summary>Reads the answers of both statements; the reader stands before the first.</summary>
    public static void Read(NpgsqlDataReader rows, LockedRates rates)
    {
        rows.NextResult();
        while (rows.Read()) rates.Add((int)rows.GetInt64(0) - 1, rows.GetInt64(1));
        rows.NextResult();
        rows.Read();
        rates.Now = rows.GetInt64(0);
    }

    public void FillSave(IReadOnlyCollection<RateState> changed)
    {
        Save.Clear();
        foreach (var state in changed)
        {
            _saveScope.Add(state.Rate.ScopeId);
            _saveMetric.Add((int)state.Rate.Metric);
            _saveTat.Add(state.Tat);
        }
    }
}
