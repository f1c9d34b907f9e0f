using System.Data.Common;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Rates;
using AiGateway.Infrastructure.Persistence.Engines;
using Npgsql;
using NpgsqlTypes;

namespace AiGateway.Infrastructure.Ledger.Sql.Postgres;

/// <summary>
/// The ledger's statements in PostgreSQL, a whole batch of rows at a time. A statement without an answer waits for the next
/// one that has an answer. A transaction takes two round trips: BEGIN, settlements, counters and limits; holds, counters and
/// COMMIT. It takes one more for raises, a sweep, and settlements of records that are not known yet. It takes one less when all
/// that it needs is remembered: the database then checks it, and refuses the transaction if anything has changed. The connection
/// belongs to the writer's thread.
/// </summary>
internal sealed partial class PostgresLedgerConnection : ILedgerConnection
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlBatch _batch;
    private readonly PostgresCommand _begin = new(PostgresLedgerStatements.Begin);
    private readonly PostgresCommand _commit = new(PostgresLedgerStatements.Commit);
    private readonly PostgresCommand _rollback = new(PostgresLedgerStatements.Rollback);
    private readonly PostgresCommand _renew = new(PostgresLedgerStatements.Renew);
    private readonly PostgresCommand _raise = new(PostgresLedgerStatements.Raise);
    private readonly PostgresCommand _expire = new(PostgresLedgerStatements.Expire);
    private readonly PostgresLimits _limitCommands = new();
    private readonly PostgresSettlements _settlements = new();
    private readonly PostgresSettlements _knownSettlements = new(withRecords: true);
    private readonly PostgresCounters _saveCounters = new(PostgresLedgerStatements.SaveCounters, withFigures: true);
    private readonly PostgresBudgetCounters.WithFigures _saveBudgets = new(PostgresLedgerStatements.SaveBudgetCounters);
    private readonly PostgresRates _rateCommands = new();
    private readonly PostgresHolds _holds = new();
    private readonly List<Guid> _renewIds;
    private readonly NpgsqlParameter<long> _renewLease;
    private readonly List<Guid> _raiseIds;
    private readonly List<long> _raiseMore;
    private readonly NpgsqlParameter<long> _expireNow;
    private readonly NpgsqlParameter<long> _expireLimit;
    private IDictionary<Guid, QuotaLimits>? _limits;
    private LockedRates? _rates;
    private bool _isBegun;
    private bool _isSent;

    /// <param name="connection">Open; owned from now on.</param>
    /// <param name="settings">The settings of the ledger.</param>
    public PostgresLedgerConnection(NpgsqlConnection connection, LedgerSettings settings)
    {
        _connection = connection;
        _memory = new RememberedRows(settings.LongestIdle);
        _batch = connection.CreateBatch();
        _renewIds = _renew.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _renewLease = _renew.AddValue<long>(NpgsqlDbType.Bigint);
        _raiseIds = _raise.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _raiseMore = _raise.AddColumn<long>(NpgsqlDbType.Bigint);
        _expireNow = _expire.AddValue<long>(NpgsqlDbType.Bigint);
        _expireLimit = _expire.AddValue<long>(NpgsqlDbType.Bigint);
        _keepBudgets.AddValue<long>(NpgsqlDbType.Bigint).TypedValue = (long)DatabaseLock.Budgets;

        PostgresCommand[] all =
        [
            _begin, _commit, _rollback, _renew, _settlements.Command, _knownSettlements.Command, _raise, _expire, _limitCommands.Read,
            _limitCommands.Check, _addCounters.Command, _lockCounters.Command, _lockKnownCounters.Command, _saveCounters.Command,
            _holds.Command, _keepBudgets, _addBudgets.Command, _lockBudgets.Command, _lockKnownBudgets.Command, _saveBudgets.Command,
            _rateCommands.Lock, _rateCommands.Clock, _rateCommands.Save,
        ];
        foreach (var command in all) _batch.BatchCommands.Add(command.Batched);

        // From here on any of them may be sent together, in any order.
        _batch.Prepare();
    }

    public DbConnection Connection
    {
        get
        {
            CheckAssumptions();
            return _connection;
        }
    }

    public void Begin()
    {
        Forget();
        _known.Begin();
        (_limits, _rates, _later, _counters) = (null, null, null, null);
        _isBegun = _isAssuming = false;
        Add(_begin);
    }

    public void Renew(IReadOnlyList<Guid> requestIds, DateTimeOffset leaseExpiresAt)
    {
        _renew.Clear();
        _renewIds.AddRange(requestIds);
        _renewLease.TypedValue = leaseExpiresAt.ToUnixTimeMilliseconds();
        Add(_renew);
    }

    public void Settle(IReadOnlyList<SettleOperation> settlements, ICollection<SettledRecord> settled)
    {
        _settlements.Fill(settlements);
        Add(_settlements.Command);
        using var rows = Send();
        _settlements.Read(rows, settled);
    }

    public bool TrySettleLater(
        IReadOnlyList<SettleOperation> settlements, IReadOnlyList<CountedRecord> expected, ICollection<SettledRecord> settled)
    {
        _later = new(settlements, expected, settled);
        return true;
    }

    public void Raise(IReadOnlyList<HoldRaise> raises, ICollection<RaisedRecord> raised)
    {
        _raise.Clear();
        foreach (var raise in raises)
        {
            _raiseIds.Add(raise.RequestId);
            _raiseMore.Add(raise.NanoUsd);
        }

        Add(_raise);
        using var rows = Send();
        while (rows.Read()) raised.Add(new(rows.GetGuid(0), PostgresRecords.Read(rows, 1)));
    }

    public void Expire(DateTimeOffset now, int limit, ICollection<CountedRecord> expired)
    {
        _expireNow.TypedValue = now.ToUnixTimeMilliseconds();
        _expireLimit.TypedValue = limit;
        Add(_expire);
        using var rows = Send();
        while (rows.Read()) expired.Add(PostgresRecords.Read(rows, 0));
    }

    public void ReadLimits(IReadOnlyCollection<Guid> userIds, IDictionary<Guid, QuotaLimits> limits)
    {
        _limitCommands.Fill(userIds);
        _limits = limits;
    }

    public void LockRates(LockedRates rates, DateTimeOffset now)
    {
        _rateCommands.FillLock(rates.Needed);
        _rates = rates;
    }

    public void Insert(IReadOnlyList<Hold> holds, DateTimeOffset leaseExpiresAt)
    {
        _holds.Fill(holds, leaseExpiresAt);
        Add(_holds.Command);
    }

    public void SaveCounters(IReadOnlyList<Counter> counters)
    {
        if (_saveCounters.Fill(counters) > 0) Add(_saveCounters.Command);
        if (_saveBudgets.Fill(counters) > 0) Add(_saveBudgets.Command);
    }

    public void SaveRates(IReadOnlyCollection<RateState> rates)
    {
        _rateCommands.FillSave(rates);
        Add(_rateCommands.Save);
    }

    public void Commit()
    {
        Add(_commit);
        Run();
        _known.Committed();
        if (_isAssuming) _memory.WasRight();
        if (_counters is not null) _memory.Committed(_counters.Values, _limitCommands.Users, _limits, _epoch);
    }

    public void Rollback()
    {
        Forget();
        if (!_isBegun) return;
        Add(_rollback);
        Run();
    }

    public void Dispose()
    {
        _batch.Dispose();
        _connection.Dispose();
    }

    private void Forget()
    {
        _batch.BatchCommands.Clear();
        _isSent = false;
    }

    private void Add(PostgresCommand command)
    {
        // Not when they are sent: the reader of the answer still needs them.
        if (_isSent) Forget();
        command.Bind();
        _batch.BatchCommands.Add(command.Batched);
    }

    /// <summary>
    /// The answer of the first statement that has one. It must be read to its end, because later failures appear there.
    /// </summary>
    private NpgsqlDataReader Send()
    {
        _isBegun = _isSent = true;
        return _batch.ExecuteReader();
    }

    private void Run()
    {
        _isBegun = _isSent = true;
        try
        {
            _batch.ExecuteNonQuery();
        }
        catch (PostgresException changed) when (changed.SqlState == PostgresErrorCodes.DivisionByZero)
        {
            // Only a check of what is assumed divides.
            _memory.WasWrong();
            throw;
        }
    }
}
