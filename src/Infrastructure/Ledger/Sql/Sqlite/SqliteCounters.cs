using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Persistence.Engines;
using SQLitePCL;

namespace AiGateway.Infrastructure.Ledger.Sql.Sqlite;

/// <summary>The counters in a SQLite file, row by row. It belongs to the writer's thread.</summary>
internal sealed class SqliteCounters : IDisposable
{
    private readonly SqliteStatement _readUser;
    private readonly SqliteStatement _insertUser;
    private readonly SqliteStatement _updateUser;
    private readonly SqliteStatement _readBudget;
    private readonly SqliteStatement _insertBudget;
    private readonly SqliteStatement _updateBudget;
    private readonly SqliteStatement _readEpoch;
    private readonly SqliteStatement[] _all;

    /// <param name="database">Open; used as long as this lives.</param>
    public SqliteCounters(sqlite3 database) => _all =
    [
        _readUser = new(database, SqliteLedgerStatements.ReadCounter),
        _insertUser = new(database, SqliteLedgerStatements.InsertCounter),
        _updateUser = new(database, SqliteLedgerStatements.UpdateCounter),
        _readBudget = new(database, SqliteLedgerStatements.ReadBudgetCounter),
        _insertBudget = new(database, SqliteLedgerStatements.InsertBudgetCounter),
        _updateBudget = new(database, SqliteLedgerStatements.UpdateBudgetCounter),
        _readEpoch = new(database, SqliteLedgerStatements.ReadEpoch),
    ];

    /// <summary>The transaction has locked the whole file: a missing counter is inserted when it is saved.</summary>
    public BudgetEpoch Lock(IReadOnlyList<NeededCounter> needed, IDictionary<CounterKey, Counter> counters)
    {
        for (var i = 0; i < needed.Count; i++)
        {
            var (key, scope, startsAtZero) = needed[i];
            if (Read(key) is { } figures) counters.Add(key, new Counter(key, figures, scope));
            else if (startsAtZero) counters.Add(key, new Counter(key, default, scope) { IsStored = false });
        }

        try
        {
            return _readEpoch.Step() ? new(_readEpoch.ReadInteger(0), _readEpoch.ReadInteger(1), _readEpoch.ReadInteger(2)) : default;
        }
        finally
        {
            _readEpoch.Reset();
        }
    }

    public void Save(IReadOnlyList<Counter> counters)
    {
        for (var i = 0; i < counters.Count; i++)
        {
            if (counters[i].Scope is { } scope) SaveOfBudget(counters[i], scope);
            else SaveOfUser(counters[i]);
        }
    }

    public void Dispose()
    {
        foreach (var statement in _all) statement.Dispose();
    }

    private BudgetFigures? Read(CounterKey key)
    {
        var read = key.OfBudget ? _readBudget : _readUser;
        BindKey(read, key);
        try
        {
            if (!read.Step()) return null;
            return key.OfBudget
                ? new(read.ReadInteger(0), read.ReadInteger(1), read.ReadInteger(2), read.ReadInteger(3), read.ReadInteger(4), read.ReadInteger(5))
                : new(read.ReadInteger(0), 0, 0, 0, read.ReadInteger(1), read.ReadInteger(2));
        }
        finally
        {
            read.Reset();
        }
    }

    private void SaveOfUser(Counter counter)
    {
        var save = counter.IsStored ? _updateUser : _insertUser;
        BindKey(save, counter.Key);
        save.Bind(4, counter.Figures.Requests);
        save.Bind(5, counter.Figures.SettledNanoUsd);
        save.Bind(6, counter.Figures.HeldNanoUsd);
        save.Run();
    }

    private void SaveOfBudget(Counter counter, CountedScope scope)
    {
        var save = counter.IsStored ? _updateBudget : _insertBudget;
        var figures = counter.Figures;
        BindKey(save, counter.Key);
        save.Bind(4, figures.Requests);
        save.Bind(5, figures.InFlight);
        save.Bind(6, figures.SettledTokens);
        save.Bind(7, figures.HeldTokens);
        save.Bind(8, figures.SettledNanoUsd);
        save.Bind(9, figures.HeldNanoUsd);
        if (!counter.IsStored)
        {
            save.Bind(10, (long)scope.Kind);
            save.Bind(11, scope.ScopeId);
            save.Bind(12, scope.Model);
            save.Bind(13, scope.EndUser);
        }

        save.Run();
    }

    private static void BindKey(SqliteStatement statement, CounterKey key)
    {
        statement.Bind(1, key.Id);
        statement.Bind(2, key.Window);
        statement.Bind(3, key.Start);
    }
}
