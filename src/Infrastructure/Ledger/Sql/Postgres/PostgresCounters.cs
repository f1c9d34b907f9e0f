using AiGateway.Infrastructure.Ledger.Operations;
using NpgsqlTypes;

namespace AiGateway.Infrastructure.Ledger.Sql.Postgres;

/// <summary>The columns of users' counters for a statement that selects them by key and may set their values.</summary>
internal sealed class PostgresCounters
{
    private readonly List<Guid> _user;
    private readonly List<int> _kind;
    private readonly List<int> _start;
    private readonly List<long> _requests = [];
    private readonly List<long> _settled = [];
    private readonly List<long> _held = [];

    public PostgresCounters(string sql, bool withFigures = false)
    {
        Command = new PostgresCommand(sql);
        _user = Command.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _kind = Command.AddColumn<int>(NpgsqlDbType.Integer);
        _start = Command.AddColumn<int>(NpgsqlDbType.Integer);
        if (!withFigures) return;
        _requests = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _settled = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _held = Command.AddColumn<long>(NpgsqlDbType.Bigint);
    }

    public PostgresCommand Command { get; }

    /// <summary>The counters of users among these, and their number.</summary>
    /// <param name="needed">The counters of users and of budgets.</param>
    /// <param name="except">Counters to leave out; null: none.</param>
    public int Fill(IReadOnlyList<NeededCounter> needed, KnownCounters? except = null)
    {
        Command.Clear();
        for (var i = 0; i < needed.Count; i++)
        {
            var key = needed[i].Key;
            if (!key.OfBudget && except?.Contains(key) is not true) Add(key);
        }

        return _user.Count;
    }

    /// <summary>The counters of users among these, and their number.</summary>
    public int Fill(IReadOnlyList<Counter> counters)
    {
        Command.Clear();
        foreach (var counter in counters)
        {
            if (counter.Key.OfBudget) continue;
            Add(counter.Key);
            _requests.Add(counter.Figures.Requests);
            _settled.Add(counter.Figures.SettledNanoUsd);
            _held.Add(counter.Figures.HeldNanoUsd);
        }

        return _user.Count;
    }

    private void Add(CounterKey key)
    {
        _user.Add(key.Id);
        _kind.Add(key.Window);
        _start.Add(key.Start);
    }
}
