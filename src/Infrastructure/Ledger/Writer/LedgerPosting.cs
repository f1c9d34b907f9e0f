using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Ledger.Sql;
using AiGateway.Infrastructure.Persistence.Mapping;

namespace AiGateway.Infrastructure.Ledger.Writer;

/// <summary>
/// Decides and writes the work of one transaction, the same way on every engine. Operations that free capacity come first,
/// then holds in order of arrival. Each counter is read and written once. The buffers are reused: one writer, one posting.
/// </summary>
internal sealed class LedgerPosting(QuotaLimits defaultLimits, LedgerSettings settings)
{
    private readonly List<SettledRecord> _settled = [];
    private readonly List<HoldRaise> _raises = [];
    private readonly List<RaisedRecord> _raised = [];
    private readonly List<CountedRecord> _expired = [];
    private readonly List<Hold> _granted = [];
    private readonly HashSet<CounterKey> _distinctKeys = [];
    private readonly List<CounterKey> _keys = [];
    private readonly HashSet<Guid> _users = [];
    private readonly Dictionary<CounterKey, Counter> _counters = [];
    private readonly Dictionary<Guid, QuotaLimits> _limits = [];
    private readonly List<Counter> _changed = [];

    public void Apply(ILedgerConnection ledger, LedgerBatch work, DateTimeOffset now)
    {
        Clear();
        var leaseExpiresAt = now + settings.HoldLease;
        if (work.Renewals.Count > 0) ledger.Renew(work.Renewals, leaseExpiresAt);
        if (work.Settlements.Count > 0) ledger.Settle(work.Settlements, _settled);
        if (work.Raises.Count > 0) Raise(ledger, work.Raises);
        if (work.Sweep) ledger.Expire(now, settings.BatchSize, _expired);
        work.SweepIsUnfinished = _expired.Count == settings.BatchSize;

        LockCounters(ledger, work.Holds);
        foreach (var settled in _settled)
        {
            // A negative cost would free capacity that was never used.
            ArgumentOutOfRangeException.ThrowIfNegative(settled.Settlement.CostNanoUsd);
            Post(settled.Record, settled.Change);
        }

        foreach (var record in _expired) Post(record, CounterChange.Expire(record.HeldNanoUsd));
        if (work.Raises.Count > 0) DecideRaises(ledger, work.Raises);
        foreach (var operation in work.Holds) Decide(operation);

        if (_granted.Count > 0) ledger.Insert(_granted, leaseExpiresAt);
        foreach (var counter in _counters.Values)
        {
            if (counter.IsChanged) _changed.Add(counter);
        }

        if (_changed.Count > 0) ledger.SaveCounters(_changed);
    }

    private void LockCounters(ILedgerConnection ledger, List<HoldOperation> holds)
    {
        foreach (var settled in _settled) Need(settled.Record);
        foreach (var raised in _raised)
        {
            Need(raised.Record);
            _users.Add(raised.Record.UserId);
        }

        foreach (var record in _expired) Need(record);
        foreach (var operation in holds)
        {
            Need(ToRecord(operation.Hold));
            _users.Add(operation.Hold.UserId);
        }

        if (_distinctKeys.Count == 0) return;
        _keys.AddRange(_distinctKeys);
        _keys.Sort();
        if (_users.Count > 0) ledger.ReadLimits(_users, _limits);
        ledger.LockCounters(_keys, _counters);
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
            var limits = _limits.GetValueOrDefault(record.UserId, defaultLimits);
            operation.IsGranted = Admission.HasCapacity(limits, UsedOf(record), more);
            if (operation.IsGranted) Post(record, CounterChange.Raise(more));
            else _raises.Add(new HoldRaise(id, -more));
        }

        if (_raises.Count > 0) ledger.Raise(_raises, []);
    }

    private void Need(CountedRecord record)
    {
        _distinctKeys.Add(record.DayKey);
        _distinctKeys.Add(record.MonthKey);
    }

    private void Post(CountedRecord record, CounterChange change)
    {
        _counters[record.DayKey].Add(change);
        _counters[record.MonthKey].Add(change);
    }

    private void Decide(HoldOperation operation)
    {
        var hold = operation.Hold;
        var record = ToRecord(hold);
        var limits = _limits.GetValueOrDefault(hold.UserId, defaultLimits);
        var used = UsedOf(record);
        operation.Decision = new(Admission.Decide(limits, used, hold.HeldNanoUsd, hold.At));
        if (!operation.Decision.IsGranted) return;
        if (hold.Elastic is { } elastic)
        {
            var chosen = elastic.Within(Admission.AmountFor(limits, used, elastic.UsualNanoUsd, elastic.MostNanoUsd));
            (operation.Decision, hold) = (new(null, chosen), hold.With(chosen));
        }

        Post(record, CounterChange.Hold(hold.HeldNanoUsd));
        _granted.Add(hold);
    }

    private QuotaUse UsedOf(CountedRecord record)
    {
        var month = _counters[record.MonthKey];
        return new(_counters[record.DayKey].Requests, month.Requests, month.Settled, month.Held);
    }

    private static CountedRecord ToRecord(Hold hold)
    {
        var (day, month) = (QuotaPeriod.DayOf(hold.At), QuotaPeriod.MonthOf(hold.At));
        return new(hold.UserId, DayConverter.ToNumber(day.Start), DayConverter.ToNumber(month.Start), hold.HeldNanoUsd);
    }

    private void Clear()
    {
        _settled.Clear();
        _raises.Clear();
        _raised.Clear();
        _expired.Clear();
        _granted.Clear();
        _distinctKeys.Clear();
        _keys.Clear();
        _users.Clear();
        _counters.Clear();
        _limits.Clear();
        _changed.Clear();
    }
}
