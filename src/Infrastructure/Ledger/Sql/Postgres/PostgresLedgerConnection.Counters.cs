using System.Data;
using AiGateway.Infrastructure.Ledger.Operations;
using Npgsql;

namespace AiGateway.Infrastructure.Ledger.Sql.Postgres;

/// <summary>How counters are locked: as the database has them, or as they are remembered.</summary>
internal sealed partial class PostgresLedgerConnection
{
    private readonly PostgresCounters _addCounters = new(PostgresLedgerStatements.AddCounters);
    private readonly PostgresCounters _lockCounters = new(PostgresLedgerStatements.LockCounters);
    private readonly PostgresCounters _lockKnownCounters = new(PostgresLedgerStatements.LockKnownCounters, withFigures: true);
    private readonly PostgresCommand _keepBudgets = new(PostgresLedgerStatements.KeepBudgets);
    private readonly PostgresBudgetCounters.Added _addBudgets = new();
    private readonly PostgresBudgetCounters _lockBudgets = PostgresBudgetCounters.ToLock();
    private readonly PostgresBudgetCounters.WithFigures _lockKnownBudgets = new(PostgresLedgerStatements.LockKnownBudgetCounters);
    private readonly KnownCounters _known = new();
    private readonly RememberedRows _memory;
    private readonly List<Counter> _assumed = [];
    private LaterSettlements? _later;
    private IDictionary<CounterKey, Counter>? _counters;
    private BudgetEpoch _epoch;
    private bool _isAssuming;

    public BudgetEpoch LockCounters(IReadOnlyList<NeededCounter> needed, IDictionary<CounterKey, Counter> counters)
    {
        CheckAssumptions();
        _counters = counters;
        _epoch = TryAssume(needed, counters) ?? ReadCounters(needed, counters);
        return _epoch;
    }

    /// <summary>
    /// Takes counters, limits and records from memory. The database checks them at the commit, or before anything else is asked.
    /// </summary>
    /// <returns>The remembered state of the budgets; null: something is unknown, and nothing was done.</returns>
    private BudgetEpoch? TryAssume(IReadOnlyList<NeededCounter> needed, IDictionary<CounterKey, Counter> counters)
    {
        if (_limits is null) _limitCommands.Fill([]);
        if (_isBegun || _rates is not null) return null;
        if (_memory.TryRecall(needed, counters, _limitCommands.Users, _limits) is not { } epoch) return null;
        if (_later is not null)
        {
            _knownSettlements.Fill(_later.Settlements, _later.Expected, _later.Settled);
            Add(_knownSettlements.Command);
            _later = null;
        }

        Add(_keepBudgets);
        _assumed.Clear();
        for (var i = 0; i < needed.Count; i++) _assumed.Add(counters[needed[i].Key]);
        if (_lockKnownCounters.Fill(_assumed) > 0) Add(_lockKnownCounters.Command);
        if (_lockKnownBudgets.Fill(_assumed) > 0) Add(_lockKnownBudgets.Command);
        _limitCommands.FillCheck(_limits, epoch);
        Add(_limitCommands.Check);
        _isAssuming = true;
        return epoch;
    }

    /// <summary>What follows in this transaction needs no assumption any more.</summary>
    private void CheckAssumptions()
    {
        if (!_isAssuming || _isBegun) return;
        Run();
    }

    private BudgetEpoch ReadCounters(IReadOnlyList<NeededCounter> needed, IDictionary<CounterKey, Counter> counters)
    {
        if (_later is not null)
        {
            _settlements.Fill(_later.Settlements);
            Add(_settlements.Command);
        }

        Add(_keepBudgets);
        var users = _lockCounters.Fill(needed);
        if (users > 0)
        {
            if (_addCounters.Fill(needed, _known) > 0) Add(_addCounters.Command);
            Add(_lockCounters.Command);
        }

        if (users < needed.Count)
        {
            _lockBudgets.Fill(needed);
            if (_addBudgets.Fill(needed, _known) > 0) Add(_addBudgets.Command);
            Add(_lockBudgets.Command);
        }

        if (_rates is not null)
        {
            Add(_rateCommands.Lock);
            Add(_rateCommands.Clock);
        }

        Add(_limitCommands.Read);
        using var rows = Send();
        if (_later is not null)
        {
            _settlements.Read(rows, _later.Settled);
            _later = null;
            rows.NextResult();
        }

        if (users > 0)
        {
            rows.NextResult();
            ReadCounters(rows, needed, 0, counters);
            if (counters.Count < users)
            {
                _known.Forget();
                throw new DataException($"Only {counters.Count} of {users} counters of users exist.");
            }
        }

        if (users < needed.Count)
        {
            rows.NextResult();
            ReadCounters(rows, needed, users, counters);
        }

        if (_rates is not null) PostgresRates.Read(rows, _rates);
        _rates = null;
        rows.NextResult();
        return PostgresLimits.ReadRows(rows, _limits);
    }

    /// <param name="rows">Place and figures.</param>
    /// <param name="needed">The counters of users, then those of budgets.</param>
    /// <param name="first">Where the counters of these rows begin; 0: they are the counters of users.</param>
    /// <param name="counters">Gets them.</param>
    private void ReadCounters(
        NpgsqlDataReader rows, IReadOnlyList<NeededCounter> needed, int first, IDictionary<CounterKey, Counter> counters)
    {
        while (rows.Read())
        {
            var (key, scope, _) = needed[first + (int)rows.GetInt64(0) - 1];
            _known.Saw(key);
            counters.Add(key, new Counter(key, key.OfBudget
                ? new(rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5), rows.GetInt64(6))
                : new(rows.GetInt64(1), 0, 0, 0, rows.GetInt64(2), rows.GetInt64(3)), scope));
        }
    }

    /// <summary>Settlements that wait for the counters.</summary>
    private sealed record LaterSettlements(
        IReadOnlyList<SettleOperation> Settlements, IReadOnlyList<CountedRecord> Expected, ICollection<SettledRecord> Settled);
}
