using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using NpgsqlTypes;

namespace AiGateway.Infrastructure.Ledger.Sql.Postgres;

/// <summary>The columns of budgets' counters for a statement that adds them, selects them by key, or sets their figures.</summary>
internal sealed class PostgresBudgetCounters
{
    private readonly List<Guid> _id;
    private readonly List<int> _window;
    private readonly List<int> _start;

    private PostgresBudgetCounters(string sql)
    {
        Command = new PostgresCommand(sql);
        _id = Command.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _window = Command.AddColumn<int>(NpgsqlDbType.Integer);
        _start = Command.AddColumn<int>(NpgsqlDbType.Integer);
    }

    public PostgresCommand Command { get; }

    /// <summary>For <see cref="PostgresLedgerStatements.LockBudgetCounters"/>.</summary>
    public static PostgresBudgetCounters ToLock() => new(PostgresLedgerStatements.LockBudgetCounters);

    public void Fill(IReadOnlyList<NeededCounter> needed)
    {
        Command.Clear();
        foreach (var counter in needed)
        {
            if (counter.Key.OfBudget) Add(counter.Key);
        }
    }

    private void Add(CounterKey key)
    {
        _id.Add(key.Id);
        _window.Add(key.Window);
        _start.Add(key.Start);
    }

    /// <summary>For <see cref="PostgresLedgerStatements.AddBudgetCounters"/>.</summary>
    internal sealed class Added
    {
        private readonly PostgresBudgetCounters _keys = new(PostgresLedgerStatements.AddBudgetCounters);
        private readonly List<int> _kind;
        private readonly List<Guid> _scope;
        private readonly List<string?> _model;
        private readonly List<string?> _endUser;

        public Added()
        {
            _kind = Command.AddColumn<int>(NpgsqlDbType.Integer);
            _scope = Command.AddColumn<Guid>(NpgsqlDbType.Uuid);
            _model = Command.AddColumn<string?>(NpgsqlDbType.Text);
            _endUser = Command.AddColumn<string?>(NpgsqlDbType.Text);
        }

        public PostgresCommand Command => _keys.Command;

        /// <summary>The number of counters that start at zero and are not known to exist.</summary>
        public int Fill(IReadOnlyList<NeededCounter> needed, KnownCounters known)
        {
            Command.Clear();
            for (var i = 0; i < needed.Count; i++)
            {
                var (key, scope, startsAtZero) = needed[i];
                if (startsAtZero && scope is not null && !known.Contains(key)) Add(key, scope);
            }

            return _kind.Count;
        }

        private void Add(CounterKey key, CountedScope scope)
        {
            _keys.Add(key);
            _kind.Add((int)scope.Kind);
            _scope.Add(scope.ScopeId);
            _model.Add(scope.Model);
            _endUser.Add(scope.EndUser);
        }
    }

    /// <summary>
    /// For <see cref="PostgresLedgerStatements.SaveBudgetCounters"/> and <see cref="PostgresLedgerStatements.LockKnownBudgetCounters"/>.
    /// </summary>
    internal sealed class WithFigures
    {
        private readonly PostgresBudgetCounters _keys;
        private readonly List<long>[] _figures;

        public WithFigures(string sql)
        {
            _keys = new(sql);
            _figures = [.. Enumerable.Range(0, 6).Select(_ => Command.AddColumn<long>(NpgsqlDbType.Bigint))];
        }

        public PostgresCommand Command => _keys.Command;

        /// <summary>The number of counters of budgets.</summary>
        public int Fill(IReadOnlyList<Counter> counters)
        {
            Command.Clear();
            foreach (var counter in counters)
            {
                if (counter.Key.OfBudget) Add(counter.Key, counter.Figures);
            }

            return _figures[0].Count;
        }

        private void Add(CounterKey key, BudgetFigures figures)
        {
            _keys.Add(key);
            _figures[0].Add(figures.Requests);
            _figures[1].Add(figures.InFlight);
            _figures[2].Add(figures.SettledTokens);
            _figures[3].Add(figures.HeldTokens);
            _figures[4].Add(figures.SettledNanoUsd);
            _figures[5].Add(figures.HeldNanoUsd);
        }
    }
}
