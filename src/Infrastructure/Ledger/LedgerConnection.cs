using System.Data;
using System.Data.Common;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>Runs one engine's statements row by row. It belongs to the writer's thread.</summary>
internal sealed class LedgerConnection : ILedgerConnection
{
    private readonly DbConnection _connection;
    private readonly LedgerCommand _begin;
    private readonly LedgerCommand _commit;
    private readonly LedgerCommand _rollback;
    private readonly LedgerCommand _renew;
    private readonly LedgerCommand _endHeld;
    private readonly LedgerCommand _endAbandoned;
    private readonly LedgerCommand _abandon;
    private readonly LedgerCommand _lockCounter;
    private readonly LedgerCommand _addCounter;
    private readonly LedgerCommand _saveCounter;
    private readonly LedgerCommand _readLimits;
    private readonly LedgerCommand _insert;

    /// <param name="connection">Open; owned from now on.</param>
    /// <param name="sql">The engine's statements.</param>
    /// <param name="prepare">Whether the engine gains from prepared statements.</param>
    public LedgerConnection(DbConnection connection, LedgerStatements sql, bool prepare)
    {
        _connection = connection;
        (string, DbType)[] counter = [("@user", DbType.Guid), ("@kind", DbType.Int32), ("@start", DbType.Int32)];
        (string, DbType)[] end =
        [
            ("@id", DbType.Guid), ("@status", DbType.Int32), ("@source", DbType.Int32), ("@model", DbType.String),
            ("@provider", DbType.String), ("@prompt", DbType.Int64), ("@completion", DbType.Int64), ("@cached", DbType.Int64),
            ("@written", DbType.Int64), ("@reasoning", DbType.Int64), ("@cost", DbType.Int64), ("@error", DbType.String),
            ("@latency", DbType.Int64), ("@first", DbType.Int64),
        ];
        _begin = new(connection, sql.Begin, prepare);
        _commit = new(connection, sql.Commit, prepare);
        _rollback = new(connection, sql.Rollback, prepare);
        _renew = new(connection, sql.Renew, prepare, ("@id", DbType.Guid), ("@lease", DbType.Int64));
        _endHeld = new(connection, sql.EndHeld, prepare, end);
        _endAbandoned = new(connection, sql.EndAbandoned, prepare, end);
        _abandon = new(connection, sql.Abandon, prepare, ("@now", DbType.Int64), ("@limit", DbType.Int32));
        _lockCounter = new(connection, sql.LockCounter, prepare, counter);
        _addCounter = new(connection, sql.AddCounter, prepare, counter);
        _saveCounter = new(
            connection, sql.SaveCounter, prepare,
            [.. counter, ("@requests", DbType.Int64), ("@settled", DbType.Int64), ("@held", DbType.Int64)]);
        _readLimits = new(connection, sql.ReadLimits, prepare, ("@user", DbType.Guid));
        _insert = new(
            connection, sql.Insert, prepare,
            ("@id", DbType.Guid), ("@user", DbType.Guid), ("@key", DbType.Guid), ("@created", DbType.Int64),
            ("@day", DbType.Int32), ("@month", DbType.Int32), ("@operation", DbType.Int32), ("@asked", DbType.String),
            ("@model", DbType.String), ("@provider", DbType.String), ("@streamed", DbType.Boolean), ("@enduser", DbType.String),
            ("@prompt", DbType.Int64), ("@completion", DbType.Int64), ("@held", DbType.Int64), ("@prices", DbType.String),
            ("@lease", DbType.Int64));
    }

    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    public void Rollback() => _rollback.Run();

    public void Renew(IReadOnlyList<Guid> requestIds, DateTimeOffset leaseExpiresAt)
    {
        _renew[1] = leaseExpiresAt.ToUnixTimeMilliseconds();
        foreach (var id in requestIds)
        {
            _renew[0] = id;
            _renew.Run();
        }
    }

    public void End(IReadOnlyList<EndOperation> endings, ICollection<EndedRecord> ended)
    {
        foreach (var ending in endings)
        {
            var settlement = ending.Settlement;
            if (TryEnd(_endHeld, settlement) is { } held) ended.Add(new(held, settlement, WasAbandoned: false));
            else if (TryEnd(_endAbandoned, settlement) is { } booked) ended.Add(new(booked, settlement, WasAbandoned: true));
        }
    }

    public void Abandon(DateTimeOffset now, int limit, ICollection<BookedRecord> abandoned)
    {
        _abandon[0] = now.ToUnixTimeMilliseconds();
        _abandon[1] = limit;
        using var rows = _abandon.Read();
        while (rows.Read()) abandoned.Add(ToRecord(rows));
    }

    public void LockCounters(IReadOnlyList<CounterKey> keys, IDictionary<CounterKey, Counter> counters)
    {
        foreach (var key in keys)
        {
            if (TryLock(key) is not { } counter)
            {
                SetKey(_addCounter, key);
                _addCounter.Run();
                counter = TryLock(key) ?? throw new DataException($"The counter {key} cannot be added.");
            }

            counters.Add(key, counter);
        }
    }

    public void ReadLimits(IReadOnlyCollection<Guid> userIds, IDictionary<Guid, QuotaLimits> limits)
    {
        foreach (var userId in userIds)
        {
            _readLimits[0] = userId;
            using var rows = _readLimits.Read();
            if (rows.Read()) limits.Add(userId, new QuotaLimits(ReadLimit(rows, 0), ReadLimit(rows, 1), ReadLimit(rows, 2)));
        }
    }

    public void Insert(IReadOnlyList<Hold> holds, DateTimeOffset leaseExpiresAt)
    {
        _insert[16] = leaseExpiresAt.ToUnixTimeMilliseconds();
        foreach (var hold in holds)
        {
            _insert[0] = hold.RequestId;
            _insert[1] = hold.UserId;
            _insert[2] = hold.ApiKeyId;
            _insert[3] = hold.At.ToUnixTimeMilliseconds();
            _insert[4] = DayConverter.ToNumber(QuotaPeriod.DayOf(hold.At).Start);
            _insert[5] = DayConverter.ToNumber(QuotaPeriod.MonthOf(hold.At).Start);
            _insert[6] = (int)hold.Operation;
            _insert[7] = hold.ModelAsked;
            _insert[8] = hold.Model;
            _insert[9] = hold.Provider;
            _insert[10] = hold.Streamed;
            _insert[11] = hold.EndUser;
            _insert[12] = hold.PromptTokens;
            _insert[13] = hold.MaxCompletionTokens;
            _insert[14] = hold.HeldNanoUsd;
            _insert[15] = hold.PriceVersion;
            _insert.Run();
        }
    }

    public void SaveCounters(IReadOnlyList<Counter> counters)
    {
        foreach (var counter in counters)
        {
            SetKey(_saveCounter, counter.Key);
            _saveCounter[3] = counter.Requests;
            _saveCounter[4] = counter.Settled;
            _saveCounter[5] = counter.Held;
            _saveCounter.Run();
        }
    }

    public void Dispose()
    {
        LedgerCommand[] commands =
        [
            _begin, _commit, _rollback, _renew, _endHeld, _endAbandoned, _abandon, _lockCounter, _addCounter, _saveCounter,
            _readLimits, _insert,
        ];
        foreach (var command in commands) command.Dispose();
        _connection.Dispose();
    }

    private static BookedRecord? TryEnd(LedgerCommand command, Settlement settlement)
    {
        command[0] = settlement.RequestId;
        command[1] = (int)settlement.Status;
        command[2] = (int)settlement.UsageSource;
        command[3] = settlement.Model;
        command[4] = settlement.Provider;
        command[5] = settlement.Usage.PromptTokens;
        command[6] = settlement.Usage.CompletionTokens;
        command[7] = settlement.Usage.CachedPromptTokens;
        command[8] = settlement.Usage.CacheWriteTokens;
        command[9] = settlement.Usage.ReasoningTokens;
        command[10] = settlement.CostNanoUsd;
        command[11] = settlement.Error?.ToName();
        command[12] = ToMilliseconds(settlement.Latency);
        command[13] = settlement.TimeToFirstToken is { } first ? ToMilliseconds(first) : null;
        using var rows = command.Read();
        return rows.Read() ? ToRecord(rows) : null;
    }

    private Counter? TryLock(CounterKey key)
    {
        SetKey(_lockCounter, key);
        using var rows = _lockCounter.Read();
        return rows.Read() ? new Counter(key, rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2)) : null;
    }

    private static void SetKey(LedgerCommand command, CounterKey key)
    {
        command[0] = key.UserId;
        command[1] = (int)key.Kind;
        command[2] = key.Start;
    }

    private static BookedRecord ToRecord(DbDataReader rows) =>
        new(rows.GetGuid(0), rows.GetInt32(1), rows.GetInt32(2), rows.GetInt64(3));

    private static long? ReadLimit(DbDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetInt64(column);

    // A clock that was set back must not make a negative duration.
    private static long ToMilliseconds(TimeSpan span) => Math.Max(0, (long)span.TotalMilliseconds);
}
