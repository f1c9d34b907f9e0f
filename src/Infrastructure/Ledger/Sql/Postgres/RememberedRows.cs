using System.Diagnostics;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;

namespace AiGateway.Infrastructure.Ledger.Sql.Postgres;

/// <summary>
/// What this gateway last saw of counters, limits and budgets. A transaction may assume that they are the same and let the
/// database check it, which saves a round trip. Where other gateways change them often, the assumption fails often; the memory
/// then pauses for ever longer.
/// </summary>
/// <param name="longestIdle">As <see cref="LedgerSettings.LongestIdle"/>.</param>
internal sealed class RememberedRows(TimeSpan longestIdle)
{
    private const int MostRemembered = 20_000;
    private const int LongestPause = 256;

    private readonly Dictionary<CounterKey, BudgetFigures> _figures = [];
    private readonly Dictionary<Guid, QuotaLimits?> _limits = [];
    private BudgetEpoch? _epoch;
    private long _usedAt;
    private int _pause;
    private int _toSkip;

    /// <summary>Fills counters and limits from memory; null: some are unknown, or an assumption would probably fail.</summary>
    /// <param name="needed">The counters.</param>
    /// <param name="counters">Gets them.</param>
    /// <param name="users">The users whose limits are needed.</param>
    /// <param name="limits">Gets the limits of those who have any.</param>
    public BudgetEpoch? TryRecall(
        IReadOnlyList<NeededCounter> needed, IDictionary<CounterKey, Counter> counters, IReadOnlyList<Guid> users, IDictionary<Guid, QuotaLimits>? limits)
    {
        if (_epoch is null || Stopwatch.GetElapsedTime(_usedAt) >= longestIdle) return null;
        for (var i = 0; i < needed.Count; i++)
        {
            if (!_figures.ContainsKey(needed[i].Key)) return null;
        }

        for (var i = 0; i < users.Count; i++)
        {
            if (!_limits.ContainsKey(users[i])) return null;
        }

        if (_toSkip > 0)
        {
            _toSkip--;
            return null;
        }

        for (var i = 0; i < needed.Count; i++) counters.Add(needed[i].Key, new Counter(needed[i].Key, _figures[needed[i].Key], needed[i].Scope));
        for (var i = 0; i < users.Count; i++)
        {
            if (_limits[users[i]] is { } known) limits!.TryAdd(users[i], known);
        }

        return _epoch;
    }

    /// <summary>A transaction with these is committed.</summary>
    public void Committed(IEnumerable<Counter> counters, IReadOnlyList<Guid> users, IDictionary<Guid, QuotaLimits>? limits, BudgetEpoch epoch)
    {
        if (_figures.Count > MostRemembered || _limits.Count > MostRemembered) Forget();
        foreach (var counter in counters) _figures[counter.Key] = counter.Figures;
        for (var i = 0; i < users.Count; i++) _limits[users[i]] = limits!.TryGetValue(users[i], out var known) ? known : null;
        (_epoch, _usedAt) = (epoch, Stopwatch.GetTimestamp());
    }

    /// <summary>An assumption was right, and what it assumed is written.</summary>
    public void WasRight() => _pause /= 2;

    /// <summary>An assumption was wrong, and nothing is written.</summary>
    public void WasWrong()
    {
        Forget();
        _pause = Math.Clamp(_pause * 2, 1, LongestPause);
        _toSkip = _pause;
    }

    private void Forget()
    {
        _figures.Clear();
        _limits.Clear();
        _epoch = null;
    }
}
