using System.Globalization;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Sql;
using AiGateway.Infrastructure.Persistence.Mapping;

namespace AiGateway.Infrastructure.Ledger.Alerts;

/// <summary>
/// Writes the alerts of budgets in the transaction of the use that reaches a threshold. The counter is locked, so one gateway
/// at a time decides. What is known to be written is remembered: a budget above a threshold costs no statement. Only the
/// writer uses it.
/// </summary>
internal sealed class BudgetAlerts
{
    private const int MostRemembered = 100_000;
    private const int Whole = 100;

    private readonly HashSet<AlertMark> _known = [];
    private readonly List<AlertMark> _found = [];
    private int _written;

    /// <summary>Writes the alerts that these uses call for and that no gateway has written.</summary>
    /// <param name="ledger">In a transaction that has locked the counters.</param>
    /// <param name="reached">The changed counters whose budgets have thresholds.</param>
    /// <param name="now">The time of the transaction.</param>
    public void Write(ILedgerConnection ledger, IEnumerable<ReachedBudget> reached, DateTimeOffset now)
    {
        foreach (var each in reached)
        {
            var percents = each.Use.Budget.AlertPercents.AsSpan();
            foreach (var range in percents.Split(' '))
                Write(ledger, each, int.Parse(percents[range], CultureInfo.InvariantCulture), now);
        }
    }

    /// <summary>A transaction begins; the one before may have been rolled back.</summary>
    public void Forget()
    {
        _found.Clear();
        _written = 0;
    }

    /// <summary>The transaction is committed. Returns how many alerts it has written.</summary>
    public int Committed()
    {
        if (_known.Count >= MostRemembered) _known.Clear();
        foreach (var mark in _found) _known.Add(mark);
        return _written;
    }

    private void Write(ILedgerConnection ledger, ReachedBudget reached, int percent, DateTimeOffset now)
    {
        var (key, scope, use) = reached;
        var used = (Int128)use.Settled + use.Held;
        var threshold = (((Int128)use.Amount * percent) + Whole - 1) / Whole;
        if (used < threshold || used <= 0) return;

        // Requests in progress have no window that ends. One alert a day is enough.
        var start = use.Budget.Metric == BudgetMetric.Concurrent ? DayConverter.ToNumber(DateOnly.FromDateTime(now.UtcDateTime)) : key.Start;
        var mark = new AlertMark(key with { Start = start }, use.Budget.Metric, percent, use.Amount);
        if (_known.Contains(mark)) return;
        if (AlertInsert.Run(ledger.Connection, mark, scope, use, (long)threshold, now)) _written++;
        _found.Add(mark);
    }
}

/// <summary>A budget with thresholds, and its use after the transaction.</summary>
/// <param name="Key">Its counter.</param>
/// <param name="Scope">What the counter counts.</param>
/// <param name="Use">The use.</param>
internal readonly record struct ReachedBudget(CounterKey Key, CountedScope Scope, BudgetUse Use);

/// <summary>What makes two alerts the same.</summary>
/// <param name="Counter">The counter of the budget.</param>
/// <param name="Metric">What is limited.</param>
/// <param name="Percent">The threshold.</param>
/// <param name="Amount">What the window allows.</param>
internal readonly record struct AlertMark(CounterKey Counter, BudgetMetric Metric, int Percent, long Amount)
{
    /// <summary>The key under which it is stored.</summary>
    public string OnceKey => string.Create(
        CultureInfo.InvariantCulture, $"budget:{Counter.Id:N}:{Counter.Window}:{Counter.Start}:{(int)Metric}:{Percent}:{Amount}");
}
