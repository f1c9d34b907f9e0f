using NpgsqlTypes;

namespace AiGateway.Infrastructure.Ledger;

/// <summary>The columns of counters for a statement that selects them by key and may set their values.</summary>
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

    public void Fill(IReadOnlyList<CounterKey> keys)
    {
        Command.Clear();
        for (var i = 0; i < keys.Count; i++) Add(keys[i]);
    }

    public void Fill(IReadOnlyList<Counter> counters)
    {
        Command.Clear();
        for (var i = 0; i < counters.Count; i++)
        {
            Add(counters[i].Key);
            _requests.Add(counters[i].Requests);
            _settled.Add(counters[i].Settled);
            _held.Add(counters[i].Held);
        }
    }

    private void Add(CounterKey key)
    {
        _user.Add(key.UserId);
        _kind.Add((int)key.Kind);
        _start.Add(key.Start);
    }
}
