using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Alerts;
using AiGateway.Infrastructure.Ledger.Budgets;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Sql;
using AiGateway.Infrastructure.Persistence.Mapping;

namespace AiGateway.Infrastructure.Ledger.Writer;

/// <summary>
/// The counters that one transaction needs: those of users, and those of budgets. Which budgets a record counts for is taken
/// from memory, so all counters are locked in one round trip; the database says whether the memory is still valid.
/// </summary>
internal sealed class LockedCounters(BudgetBook budgets)
{
    private static readonly IReadOnlyList<CountedBudget> None = [];

    private readonly Dictionary<CountedRecord, IReadOnlyList<CountedBudget>> _budgetsOf = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<CounterKey> _asked = [];
    private readonly List<NeededCounter> _needed = [];
    private readonly Dictionary<CounterKey, Counter> _locked = [];
    private readonly HashSet<CounterKey> _posted = [];
    private readonly Dictionary<(CounterKey Counter, Guid Budget), CountedBudget> _alerting = [];

    /// <summary>Counters that a budget needs and that must be opened first.</summary>
    public List<NeededCounter> Missing { get; } = [];

    public IEnumerable<Counter> All => _locked.Values;

    public void Clear()
    {
        _budgetsOf.Clear();
        _asked.Clear();
        _needed.Clear();
        _locked.Clear();
        _alerting.Clear();
        Missing.Clear();
    }

    /// <summary>Locks the counters of these records; false when budgets changed, or counters must be opened.</summary>
    public bool TryLock(ILedgerConnection ledger, IReadOnlyCollection<CountedRecord> records)
    {
        foreach (var record in records)
        {
            Need(new(record.DayKey, null, StartsAtZero: true));
            Need(new(record.MonthKey, null, StartsAtZero: true));
            NeedBudgets(record);
        }

        if (!budgets.Follow(Lock(ledger)))
        {
            // They may be counters of budgets that exist no longer.
            Missing.Clear();
            return false;
        }

        if (!budgets.IsEmpty && records.Any(record => !_budgetsOf.ContainsKey(record)))
        {
            budgets.Read(ledger.Connection, records);
            foreach (var record in records) NeedBudgets(record);
            if (_needed.Count > 0) Lock(ledger);
        }

        return Missing.Count == 0;
    }

    public void Post(CountedRecord record, CounterChange change)
    {
        _locked[record.DayKey].Add(change);
        _locked[record.MonthKey].Add(change);
        var counted = BudgetsOf(record);
        if (counted.Count == 0) return;
        _posted.Clear();
        foreach (var each in counted)
        {
            var key = KeyOf(each, each.Start);
            if (_posted.Add(key)) _locked[key].Add(change);
        }
    }

    /// <summary>What the limits of a record have used.</summary>
    public LimitState StateOf(CountedRecord record, QuotaLimits limits)
    {
        var (day, month) = (_locked[record.DayKey].Figures, _locked[record.MonthKey].Figures);
        var used = new QuotaUse(day.Requests, month.Requests, month.SettledNanoUsd, month.HeldNanoUsd);
        var counted = BudgetsOf(record);
        if (counted.Count == 0) return new(limits, used, []);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(record.At);
        var uses = new List<BudgetUse>(counted.Count);
        foreach (var each in counted)
        {
            if (!each.Budget.IsValidAt(at)) continue;
            uses.Add(UseOf(each));
        }

        return new(limits, used, uses);
    }

    /// <summary>Whether a locked counter is of a budget with thresholds for alerts.</summary>
    public bool HasThresholds => _alerting.Count > 0;

    /// <summary>The changed budgets with thresholds for alerts, and their use now.</summary>
    public IEnumerable<ReachedBudget> Reached(DateTimeOffset now)
    {
        foreach (var ((key, _), counted) in _alerting)
        {
            if (_locked[key].IsChanged && counted.Budget.IsValidAt(now)) yield return new(key, counted.Scope, UseOf(counted));
        }
    }

    private BudgetUse UseOf(CountedBudget counted)
    {
        BudgetFigures? before = counted.CarriedFrom is { } start ? _locked[KeyOf(counted, start)].Figures : null;
        return _locked[KeyOf(counted, counted.Start)].Figures.Of(counted.Budget, before, counted.ResetsAt);
    }

    private IReadOnlyList<CountedBudget> BudgetsOf(CountedRecord record) => _budgetsOf.GetValueOrDefault(record, None);

    private void NeedBudgets(CountedRecord record)
    {
        if (budgets.IsEmpty || budgets.Of(record) is not { } counted) return;
        _budgetsOf[record] = counted;
        foreach (var each in counted)
        {
            Need(new(KeyOf(each, each.Start), each.Scope, each.StartsAtZero(each.Start)));
            if (each.CarriedFrom is { } start) Need(new(KeyOf(each, start), each.Scope, each.StartsAtZero(start)));
            if (each.Budget.AlertPercents is not null) _alerting[(KeyOf(each, each.Start), each.Budget.Id)] = each;
        }
    }

    private void Need(NeededCounter counter)
    {
        if (_asked.Add(counter.Key)) _needed.Add(counter);
    }

    private BudgetEpoch Lock(ILedgerConnection ledger)
    {
        _needed.Sort();
        var epoch = ledger.LockCounters(_needed, _locked);
        foreach (var needed in _needed)
        {
            if (!_locked.ContainsKey(needed.Key)) Missing.Add(needed);
        }

        _needed.Clear();
        return epoch;
    }

    private static CounterKey KeyOf(CountedBudget counted, DateOnly start) =>
        new(OfBudget: true, counted.Scope.CounterId, counted.Budget.Window.Code, DayConverter.ToNumber(start));
}
