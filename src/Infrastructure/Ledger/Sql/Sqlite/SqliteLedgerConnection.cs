using System.Data.Common;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Rates;
using AiGateway.Infrastructure.Persistence.Engines;
using AiGateway.Infrastructure.Persistence.Mapping;
using Microsoft.Data.Sqlite;

namespace AiGateway.Infrastructure.Ledger.Sql.Sqlite;

/// <summary>
/// The ledger's steps in a SQLite file, row by row: without a network a statement costs less than a set of rows would.
/// It belongs to the writer's thread.
/// </summary>
internal sealed class SqliteLedgerConnection : ILedgerConnection
{
    private readonly SqliteConnection _connection;
    private readonly SqliteFile _file;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly SqliteStatement _renew;
    private readonly SqliteStatement _raise;
    private readonly SqliteStatement _endHeld;
    private readonly SqliteStatement _endExpired;
    private readonly SqliteStatement _expire;
    private readonly SqliteStatement _readLimits;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement[] _all;
    private readonly SqliteCounters _counters;
    private readonly SqliteRates _rates;

    /// <param name="connection">Open; owned from now on.</param>
    /// <param name="file">Its file, watched.</param>
    public SqliteLedgerConnection(SqliteConnection connection, SqliteFile file)
    {
        (_connection, _file) = (connection, file);
        _all =
        [
            _begin = Prepare(SqliteLedgerStatements.Begin),
            _commit = Prepare(SqliteLedgerStatements.Commit),
            _rollback = Prepare(SqliteLedgerStatements.Rollback),
            _renew = Prepare(SqliteLedgerStatements.Renew),
            _raise = Prepare(SqliteLedgerStatements.Raise),
            _endHeld = Prepare(SqliteLedgerStatements.EndHeld),
            _endExpired = Prepare(SqliteLedgerStatements.EndExpired),
            _expire = Prepare(SqliteLedgerStatements.Expire),
            _readLimits = Prepare(SqliteLedgerStatements.ReadLimits),
            _insert = Prepare(SqliteLedgerStatements.Insert),
        ];
        _counters = new SqliteCounters(connection.Handle!);
        _rates = new SqliteRates(connection.Handle!);
    }

    public DbConnection Connection => _connection;

    public void Begin() => _begin.Run();

    /// <summary>
    /// The file is checked after the commit, because only then does success mean that the commit is in the file that a
    /// restart finds. A failed check leaves the outcome open, as a commit without an answer does.
    /// </summary>
    public void Commit()
    {
        _commit.Run();
        _file.Check();
    }

    public void Rollback() => _rollback.Run();

    public void Renew(IReadOnlyList<Guid> requestIds, DateTimeOffset leaseExpiresAt)
    {
        _renew.Bind(2, leaseExpiresAt.ToUnixTimeMilliseconds());
        foreach (var id in requestIds)
        {
            _renew.Bind(1, id);
            _renew.Run();
        }
    }

    public bool TrySettleLater(
        IReadOnlyList<SettleOperation> settlements, IReadOnlyList<CountedRecord> expected, ICollection<SettledRecord> settled) => false;

    public void Settle(IReadOnlyList<SettleOperation> settlements, ICollection<SettledRecord> settled)
    {
        foreach (var operation in settlements)
        {
            var settlement = operation.Settlement;
            if (TryEnd(_endHeld, settlement) is { } held) settled.Add(new(held, settlement, HasExpired: false));
            else if (TryEnd(_endExpired, settlement) is { } booked) settled.Add(new(booked, settlement, HasExpired: true));
        }
    }

    public void Raise(IReadOnlyList<HoldRaise> raises, ICollection<RaisedRecord> raised)
    {
        foreach (var raise in raises)
        {
            _raise.Bind(1, raise.RequestId);
            _raise.Bind(2, raise.NanoUsd);
            if (ReadOne(_raise) is { } record) raised.Add(new(raise.RequestId, record));
        }
    }

    public void Expire(DateTimeOffset now, int limit, ICollection<CountedRecord> expired)
    {
        _expire.Bind(1, now.ToUnixTimeMilliseconds());
        _expire.Bind(2, limit);
        try
        {
            while (_expire.Step()) expired.Add(ReadRecord(_expire));
        }
        finally
        {
            _expire.Reset();
        }
    }

    public void ReadLimits(IReadOnlyCollection<Guid> userIds, IDictionary<Guid, QuotaLimits> limits)
    {
        foreach (var userId in userIds)
        {
            _readLimits.Bind(1, userId);
            try
            {
                if (!_readLimits.Step()) continue;
                limits.Add(userId, new QuotaLimits(
                    _readLimits.ReadIntegerOrNull(0), _readLimits.ReadIntegerOrNull(1), _readLimits.ReadIntegerOrNull(2)));
            }
            finally
            {
                _readLimits.Reset();
            }
        }
    }

    public void LockRates(LockedRates rates, DateTimeOffset now) => _rates.Lock(rates, now);

    public BudgetEpoch LockCounters(IReadOnlyList<NeededCounter> needed, IDictionary<CounterKey, Counter> counters) =>
        _counters.Lock(needed, counters);

    public void Insert(IReadOnlyList<Hold> holds, DateTimeOffset leaseExpiresAt)
    {
        _insert.Bind(17, leaseExpiresAt.ToUnixTimeMilliseconds());
        foreach (var hold in holds)
        {
            _insert.Bind(1, hold.RequestId);
            _insert.Bind(2, hold.UserId);
            _insert.Bind(3, hold.ApiKeyId);
            _insert.Bind(4, hold.At.ToUnixTimeMilliseconds());
            _insert.Bind(5, DayConverter.ToNumber(QuotaPeriod.DayOf(hold.At).Start));
            _insert.Bind(6, DayConverter.ToNumber(QuotaPeriod.MonthOf(hold.At).Start));
            _insert.Bind(7, (long)hold.Operation);
            _insert.Bind(8, hold.RequestedModel);
            _insert.Bind(9, hold.Model);
            _insert.Bind(10, hold.Provider);
            _insert.Bind(11, hold.Streamed ? 1 : 0);
            _insert.Bind(12, hold.EndUser);
            _insert.Bind(13, hold.PromptTokens);
            _insert.Bind(14, hold.MaxCompletionTokens);
            _insert.Bind(15, hold.HeldNanoUsd);
            _insert.Bind(16, hold.PriceVersion);
            _insert.Bind(18, hold.HeldTokens);
            _insert.Bind(19, hold.ChargeSet?.Id);
            _insert.Run();
        }
    }

    public void SaveCounters(IReadOnlyList<Counter> counters) => _counters.Save(counters);

    public void SaveRates(IReadOnlyCollection<RateState> rates) => _rates.Save(rates);

    public void Dispose()
    {
        _counters.Dispose();
        _rates.Dispose();
        foreach (var statement in _all) statement.Dispose();
        _connection.Dispose();
    }

    private SqliteStatement Prepare(string sql) => new(_connection.Handle!, sql);

    private static CountedRecord? TryEnd(SqliteStatement end, Settlement settlement)
    {
        end.Bind(1, settlement.RequestId);
        end.Bind(2, (long)settlement.Status);
        end.Bind(3, (long)settlement.UsageSource);
        end.Bind(4, settlement.Model);
        end.Bind(5, settlement.Provider);
        end.Bind(6, settlement.Usage.PromptTokens);
        end.Bind(7, settlement.Usage.CompletionTokens);
        end.Bind(8, settlement.Usage.CachedPromptTokens);
        end.Bind(9, settlement.Usage.CacheWriteTokens);
        end.Bind(10, settlement.Usage.ReasoningTokens);
        end.Bind(11, settlement.CostNanoUsd);
        end.Bind(12, settlement.Error?.ToName());
        end.Bind(13, StoredDuration.ToMilliseconds(settlement.Latency));
        end.Bind(14, settlement.TimeToFirstToken is { } first ? StoredDuration.ToMilliseconds(first) : null);
        end.Bind(15, StoredAttempts.ToText(settlement.Attempts));
        return ReadOne(end);
    }

    private static CountedRecord? ReadOne(SqliteStatement update)
    {
        try
        {
            return update.Step() ? ReadRecord(update) : null;
        }
        finally
        {
            update.Reset();
        }
    }

    private static CountedRecord ReadRecord(SqliteStatement row) => new()
    {
        UserId = row.ReadId(0),
        Day = (int)row.ReadInteger(1),
        Month = (int)row.ReadInteger(2),
        HeldNanoUsd = row.ReadInteger(3),
        HeldTokens = row.ReadInteger(4),
        At = row.ReadInteger(5),
        ApiKeyId = row.ReadIdOrNull(6),
        ChargeSetId = row.ReadIdOrNull(7),
        EndUser = row.ReadText(8),
        RequestedModel = row.ReadText(9) ?? "",
    };
}
