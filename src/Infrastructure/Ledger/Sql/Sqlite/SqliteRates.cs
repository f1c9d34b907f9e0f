using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Rates;
using AiGateway.Infrastructure.Persistence.Engines;
using SQLitePCL;

namespace AiGateway.Infrastructure.Ledger.Sql.Sqlite;

/// <summary>The rates in a SQLite file, row by row. It belongs to the writer's thread.</summary>
internal sealed class SqliteRates(sqlite3 database) : IDisposable
{
    private readonly SqliteStatement _read = new(database, SqliteLedgerStatements.ReadRate);
    private readonly SqliteStatement _save = new(database, SqliteLedgerStatements.SaveRate);

    /// <summary>The file is for this gateway alone, so its own clock is used.</summary>
    public void Lock(LockedRates rates, DateTimeOffset now)
    {
        rates.Now = RateState.InstantOf(now);
        for (var place = 0; place < rates.Needed.Count; place++)
        {
            BindKey(_read, rates.Needed[place]);
            try
            {
                if (_read.Step()) rates.Add(place, _read.ReadInteger(0));
            }
            finally
            {
                _read.Reset();
            }
        }
    }

    public void Save(IReadOnlyCollection<RateState> rates)
    {
        foreach (var state in rates)
        {
            BindKey(_save, state.Rate);
            _save.Bind(3, state.Tat);
            _save.Run();
        }
    }

    public void Dispose()
    {
        _read.Dispose();
        _save.Dispose();
    }

    private static void BindKey(SqliteStatement statement, Rate rate)
    {
        statement.Bind(1, rate.ScopeId);
        statement.Bind(2, (long)rate.Metric);
    }
}
