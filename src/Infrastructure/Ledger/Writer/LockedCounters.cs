using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Alerts;
using AiGateway.Infrastructure.Ledger.Budgets;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Rates;
using AiGateway.Infrastructure.Ledger.Sql;

namespace AiGateway.Infrastructure.Ledger.Writer;

/// <summary>
/// The counters that one transaction needs: those of users, and those of budgets; and the rates. Which budgets and rates a
/// record counts for is taken from memory, so all are locked in one round trip; the database says whether the memory is still
/// valid.
/// </summary>
internal sealed class LockedCounters(BudgetBook budgets)
{
    private readonly Dictionary<CountedRecord, CountedLimits> _limitsOf = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<CounterKey> _asked = [];
    private readonly List<NeededCounter> _needed = [];
    private readonly Dictionary<CounterKey, Counter> _locked = [];
    private readonly LockedRates _rates = new();
    private readonly Dictionary<(CounterKey Counter, Guid Budget), KeyedBudget> _alerting = [];

    /// <summary>Counters that a budget needs and that must be opened first.</summary>
    public List<NeededCounter> Missing { get; } = [];

    public IEnumerable<Counter> All => _locked.Values;

    /// <summary>The rates that were changed.</summary>
    public IReadOnlyCollection<RateState> ChangedRates => _rates.Changed;

    public void Clear()
    {
        _limitsOf.Clear();
        _asked.Clear();
        _needed.Clear();
        _locked.Clear();
        _rates.Clear();
        _alerting.Clear();
        Missing.Clear();
    }

    /// <summary>
    /// Locks the counters and rates of these records; false when budgets or rates changed, or counters must be opened.
    /// </summary>
    /// <param name="ledger">The transaction.</param>
    /// <param name="records">The records.</param>
    /// <param name="now">The clock of this gateway.</param>
    public bool TryLock(ILedgerConnection ledger, IReadOnlyCollection<CountedRecord> records, DateTimeOffset now)
    {
        foreach (var record in records)
        {
            Need(new(record.DayKey, null, StartsAtZero: true));
            Need(new(record.MonthKey, null, StartsAtZero: true));
            NeedLimits(record);
        }

        if (_rates.Needed.Count > 0)
        {
            _rates.Sort();
            ledger.LockRates(_rates, now);
        }

        if (!budgets.Follow(Lock(ledger)))
        {
            // They may be counters of budgets that exist no longer.
            Missing.Clear();
            return false;
        }

        if (!budgets.IsEmpty && records.Any(record => !_limitsOf.ContainsKey(record)))
        {
            budgets.Read(ledger.Connection, records);
            foreach (var record in records) NeedLimits(record);

            // Rates are locked after all counters. The next attempt knows both before it locks.
            if (_rates.Needed.Count > 0) return false;
            if (_needed.Count > 0) Lock(ledger);
        }

        return Missing.Count == 0;
    }

    public void Post(CountedRecord record, CounterChange change)
    {
        _locked[record.DayKey].Add(change);
        _locked[record.MonthKey].Add(change);
        var counters = LimitsOf(record).Counters;
        for (var i = 0; i < counters.Count; i++) _locked[counters[i]].Add(change);
    }

    /// <summary>What the limits of a record have used.</summary>
    public LimitState StateOf(CountedRecord record, QuotaLimits limits)
    {
        var (day, month) = (_locked[record.DayKey].Figures, _locked[record.MonthKey].Figures);
        var used = new QuotaUse(day.Requests, month.Requests, month.SettledNanoUsd, month.HeldNanoUsd);
        var counted = LimitsOf(record).Budgets;
        if (counted.Count == 0) return new(limits, used, []) { Rates = RatesOf(record) };
        var at = DateTimeOffset.FromUnixTimeMilliseconds(record.At);
        var uses = new List<BudgetUse>(counted.Count);
        foreach (var each in counted)
        {
            if (!each.Budget.IsValidAt(at)) continue;
            uses.Add(UseOf(each));
        }

        return new(limits, used, uses) { Rates = RatesOf(record) };
    }

    /// <summary>Whether a locked counter is of a budget with thresholds for alerts.</summary>
    public bool HasThresholds => _alerting.Count > 0;

    /// <summary>The changed budgets with thresholds for alerts, and their use now.</summary>
    public IEnumerable<ReachedBudget> Reached(DateTimeOffset now)
    {
        foreach (var ((key, _), counted) in _alerting)
        {
            if (_locked[key].IsChanged && counted.Budget.IsValidAt(now)) yield return new(key, counted.Counted.Scope, UseOf(counted));
        }
    }

    /// <summary>A request takes its part of the rates; returns what is left of them.</summary>
    public RateFigures? Take(CountedRecord record, HeldAmount amount)
    {
        var rates = LimitsOf(record).Rates;
        for (var i = 0; i < rates.Count; i++) _rates.Take(rates[i], amount);
        return RateFigures.Of(RatesOf(record));
    }

    /// <summary>A request that ended gives back what it took of the rates and did not use.</summary>
    public void Correct(SettledRecord settled)
    {
        var rates = LimitsOf(settled.Record).Rates;
        for (var i = 0; i < rates.Count; i++) _rates.Correct(rates[i], settled);
    }

    private IReadOnlyList<RateState> RatesOf(CountedRecord record)
    {
        var rates = LimitsOf(record).Rates;
        return rates.Count == 0 ? [] : [.. rates.Select(_rates.StateOf)];
    }

    private BudgetUse UseOf(KeyedBudget counted)
    {
        BudgetFigures? before = counted.Before is { } key ? _locked[key].Figures : null;
        return _locked[counted.Key].Figures.Of(counted.Budget, before, counted.ResetsAt);
    }

    private CountedLimits LimitsOf(CountedRecord record) => _limitsOf.GetValueOrDefault(record, CountedLimits.None);

    private void NeedLimits(CountedRecord record)
    {
        if (budgets.IsEmpty || budgets.Of(record) is not { } counted) return;
        _limitsOf[record] = counted;
        for (var i = 0; i < counted.Rates.Count; i++) _rates.Need(counted.Rates[i]);
        for (var i = 0; i < counted.Needed.Count; i++) Need(counted.Needed[i]);
        for (var i = 0; i < counted.Budgets.Count; i++)
        {
            var each = counted.Budgets[i];
            if (each.Budget.AlertPercents is not null) _alerting[(each.Key, each.Budget.Id)] = each;
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
}
