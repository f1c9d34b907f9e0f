using AiGateway.Application.Alerts;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Alerts;
using AiGateway.Infrastructure.Ledger.Budgets;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Sql;

namespace AiGateway.Infrastructure.Ledger.Writer;

/// <summary>
/// Decides and writes the work of one transaction, the same way on every engine. Operations that free capacity come first,
/// then holds in order of arrival. Each counter is read and written once. The buffers are reused: one writer, one posting.
/// </summary>
internal sealed class LedgerPosting
{
    private readonly QuotaLimits _defaultLimits;
    private readonly LedgerSettings _settings;
    private readonly bool _isShared;
    private readonly AlertFeed? _feed;
    private readonly BudgetAlerts _alerts = new();
    private readonly BudgetBook _budgets = new();
    private readonly LockedCounters _counters;
    private readonly OpenRecords _open = new();
    private readonly List<SettledRecord> _settled = [];
    private readonly List<HoldRaise> _raises = [];
    private readonly List<RaisedRecord> _raised = [];
    private readonly List<CountedRecord> _expired = [];
    private readonly List<CountedRecord> _asking = [];
    private readonly List<Hold> _granted = [];
    private readonly Dictionary<Guid, ChargeSet> _unstored = [];
    private readonly List<CountedRecord> _records = [];
    private readonly HashSet<Guid> _users = [];
    private readonly Dictionary<Guid, QuotaLimits> _limits = [];
    private readonly List<Counter> _changed = [];

    public LedgerPosting(QuotaLimits defaultLimits, LedgerSettings settings, bool isShared, AlertFeed? feed = null)
    {
        (_defaultLimits, _settings, _isShared, _feed) = (defaultLimits, settings, isShared, feed);
        _counters = new LockedCounters(_budgets);
    }

    /// <summary>
    /// Applies the work; false when it must be rolled back and tried again, because budgets or a known record changed, or
    /// budgets need counters or charge sets that are not stored. <see cref="Prepare"/> comes before the next attempt, in a transaction of its own.
    /// </summary>
    public bool TryApply(ILedgerConnection ledger, LedgerBatch work, DateTimeOffset now)
    {
        Clear();
        var leaseExpiresAt = now + _settings.HoldLease;
        if (work.Renewals.Count > 0) ledger.Renew(work.Renewals, leaseExpiresAt);
        if (work.Settlements.Count > 0 && !_open.TrySettle(ledger, work, _settled)) ledger.Settle(work.Settlements, _settled);
        if (work.Raises.Count > 0) Raise(ledger, work.Raises);
        if (work.Sweep) ledger.Expire(now, _settings.BatchSize, _expired);
        work.Expired = _expired.Count;
        work.SweepIsUnfinished = work.Expired == _settings.BatchSize;

        if (!TryLockCounters(ledger, work.Holds, now) || !_open.TryConfirm(_settled)) return false;
        foreach (var settled in _settled)
        {
            // A negative cost would free capacity that was never used.
            ArgumentOutOfRangeException.ThrowIfNegative(settled.Settlement.CostNanoUsd);
            _counters.Post(settled.Record, settled.Change);
            _counters.Correct(settled);
        }

        foreach (var record in _expired) _counters.Post(record, CounterChange.Expire(new(record.HeldNanoUsd, record.HeldTokens)));
        if (work.Raises.Count > 0) DecideRaises(ledger, work.Raises);
        for (var i = 0; i < work.Holds.Count; i++) Decide(work.Holds[i], _asking[i]);

        if (_counters.HasThresholds) _alerts.Write(ledger, _counters.Reached(now), now);
        if (_granted.Count > 0) ledger.Insert(_granted, leaseExpiresAt);
        foreach (var counter in _counters.All)
        {
            if (counter.IsChanged) _changed.Add(counter);
        }

        if (_changed.Count > 0) ledger.SaveCounters(_changed);
        if (_counters.ChangedRates.Count > 0) ledger.SaveRates(_counters.ChangedRates);
        return true;
    }

    /// <summary>The work is committed.</summary>
    public void Committed()
    {
        foreach (var settled in _settled) _open.Remove(settled.Settlement.RequestId);
        foreach (var raised in _raised) _open.Remove(raised.RequestId);
        foreach (var hold in _granted) _open.Add(hold);
        var written = _alerts.Committed();
        if (_feed is null) return;
        if (written > 0) _feed.Wake();
        for (; written > 0; written--) _feed.Written(AlertKind.Budget);
        foreach (var record in _expired) _feed.Records.AddExpired(record.UserId, DateTimeOffset.FromUnixTimeMilliseconds(record.At));
        foreach (var settled in _settled)
        {
            if (settled.Settlement.Status == UsageStatus.Unknown) _feed.Records.AddUnknown(settled.Settlement.RequestId);
        }
    }

    /// <summary>Stores what the last attempt missed. Counters are left out when budgets changed meanwhile.</summary>
    public void Prepare(ILedgerConnection ledger)
    {
        foreach (var set in _unstored.Values) BudgetQueries.SaveSet(ledger.Connection, set);
        if (_counters.Missing.Count == 0 || !_budgets.Follow(ledger.LockCounters([], new Dictionary<CounterKey, Counter>()))) return;
        foreach (var missing in _counters.Missing) CounterOpening.Open(ledger, missing);
    }

    /// <summary>What <see cref="Prepare"/> stored is committed.</summary>
    public void Prepared()
    {
        foreach (var (id, set) in _unstored) _budgets.Add(id, set);
    }

    private bool TryLockCounters(ILedgerConnection ledger, List<HoldOperation> holds, DateTimeOffset now)
    {
        _records.AddRange(_open.Expected);
        if (_open.Expected.Count == 0)
        {
            foreach (var settled in _settled) _records.Add(settled.Record);
        }

        foreach (var raised in _raised)
        {
            _records.Add(raised.Record);
            _users.Add(raised.Record.UserId);
        }

        _records.AddRange(_expired);
        foreach (var operation in holds)
        {
            var record = CountedRecord.Of(operation.Hold);
            if (record.ChargeSet is { } set && !_budgets.StoredSets.ContainsKey(set.Id)) _unstored[set.Id] = set;
            _asking.Add(record);
            _records.Add(record);
            _users.Add(operation.Hold.UserId);
        }

        if (_unstored.Count > 0) return false;
        if (_records.Count == 0) return true;
        ledger.ReadLimits(_users, _limits);
        return _counters.TryLock(ledger, _records, now);
    }

    /// <summary>Records are locked before counters, so each raise is written first; a refused raise is taken back.</summary>
    private void Raise(ILedgerConnection ledger, List<RaiseOperation> operations)
    {
        foreach (var operation in operations) _raises.Add(operation.Raise);
        ledger.Raise(_raises, _raised);
        _raises.Clear();
    }

    private void DecideRaises(ILedgerConnection ledger, List<RaiseOperation> operations)
    {
        foreach (var operation in operations)
        {
            var (id, more) = operation.Raise;
            operation.IsGranted = false;
            var place = _raised.FindIndex(each => each.RequestId == id);
            if (place < 0) continue;
            var record = _raised[place].Record;
            operation.IsGranted = Admission.HasCapacity(StateOf(record), new HeldAmount(more, 0));
            if (operation.IsGranted) _counters.Post(record, CounterChange.Raise(more));
            else _raises.Add(new HoldRaise(id, -more));
        }

        if (_raises.Count > 0) ledger.Raise(_raises, []);
    }

    private void Decide(HoldOperation operation, CountedRecord record)
    {
        var hold = operation.Hold;
        var state = StateOf(record);
        operation.Decision = new(Admission.Decide(state, hold.Needed, hold.At), Rates: RateFigures.Of(state.Rates));
        if (!operation.Decision.IsGranted) return;
        if (hold.Elastic is { } elastic)
        {
            var chosen = elastic.Within(Admission.AmountFor(state, elastic.Usual, elastic.Most));
            (operation.Decision, hold) = (operation.Decision with { Chosen = chosen }, hold.With(chosen));
        }

        _counters.Post(record, CounterChange.Hold(hold.Needed));
        operation.Decision = operation.Decision with
        {
            Rates = _counters.Take(record, hold.Needed),
            AwaitSettlement = _isShared && NearLimit.IsReached(state, hold.Needed),
        };
        _granted.Add(hold);
    }

    private LimitState StateOf(CountedRecord record) =>
        _counters.StateOf(record, _limits.GetValueOrDefault(record.UserId, _defaultLimits));

    private void Clear()
    {
        _alerts.Forget();
        _open.Expected.Clear();
        _settled.Clear();
        _raises.Clear();
        _raised.Clear();
        _expired.Clear();
        _asking.Clear();
        _granted.Clear();
        _unstored.Clear();
        _records.Clear();
        _users.Clear();
        _counters.Clear();
        _limits.Clear();
        _changed.Clear();
    }
}
