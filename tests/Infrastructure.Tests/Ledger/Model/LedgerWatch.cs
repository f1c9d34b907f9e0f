using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Tests.Ledger.Model;

/// <summary>Checks the database after every commit for states that must never be committed.</summary>
internal sealed class LedgerWatch(IDbContextFactory<GatewayContext> contexts, LedgerModel model)
{
    private readonly List<string> _violations = [];
    private Dictionary<Guid, RecordLine> _records = [];
    private Dictionary<(Guid, PeriodKind, DateOnly), CounterLine> _counters = [];

    public IReadOnlyList<string> Violations => _violations;

    public IReadOnlyCollection<RecordLine> Records => _records.Values;

    /// <summary>The counters of users that are not all zero.</summary>
    public IEnumerable<CounterLine> Counters => _counters.Values.Where(line => line is not { Requests: 0, Settled: 0, Held: 0 });

    public void Look()
    {
        using var context = contexts.CreateDbContext();
        var records = context.UsageRecords.AsNoTracking().AsEnumerable()
            .Select(each => new RecordLine(
                each.Id, each.UserId, each.Day, each.Month, each.Status, each.HeldNanoUsd, each.CostNanoUsd))
            .ToDictionary(each => each.Id);
        var counters = context.QuotaCounters.AsNoTracking().AsEnumerable()
            .Select(each => new CounterLine(
                each.UserId, each.Kind, each.Start, each.Requests, each.SettledNanoUsd, each.HeldNanoUsd))
            .ToDictionary(each => (each.Scope, each.Kind, each.Start));
        var above = context.BudgetCounters.AsNoTracking().AsEnumerable()
            .Select(each => new CounterLine(
                each.Id, (PeriodKind)each.Window, each.Start, each.Requests, each.SettledNanoUsd, each.HeldNanoUsd))
            .ToList();
        foreach (var record in records.Values) CheckRecord(_records.GetValueOrDefault(record.Id), record);
        foreach (var gone in _records.Keys.Except(records.Keys)) Violate($"{_records[gone]} is gone");
        foreach (var counter in counters.Values.Concat(above)) CheckCounter(counter, records.Values);
        (_records, _counters) = (records, counters);
    }

    private void CheckRecord(RecordLine? before, RecordLine now)
    {
        if (now.Held < 0 || now.Cost < 0) Violate($"{now} is negative");
        if (before is null || before == now) return;
        if (before with { Status = now.Status, Cost = now.Cost } != now) Violate($"{before} became another request: {now}");
        var isAllowed = before.Status == UsageStatus.Held
            || (before.Status == UsageStatus.Expired && now.Status is UsageStatus.Settled or UsageStatus.Released);
        if (!isAllowed) Violate($"{before} had ended and became {now}");
    }

    private void CheckCounter(CounterLine now, IReadOnlyCollection<RecordLine> records)
    {
        if (now.Requests < 0 || now.Settled < 0 || now.Held < 0) Violate($"{now} is negative");
        var counted = Counted(now, records);
        var sums = Sum(now, counted);
        if (now != sums) Violate($"{now} is not the sum of its records: {sums}");

        // A counter above a lowered limit must not grow, except by costs above their holds, which are charged in full.
        var before = Sum(now, Counted(now, _records.Values));
        var overrun = counted.Where(each => each.Cost > each.Held && _records.GetValueOrDefault(each.Id)?.Cost != each.Cost).Sum(each => each.Cost - each.Held);
        var limits = model.LimitsOf(now.Scope);
        var requests = now.Kind == PeriodKind.Day ? limits.DailyRequests : limits.MonthlyRequests;
        if (now.Requests > requests && now.Requests > before.Requests) Violate($"{now} grew from {before} beyond {requests} requests");
        if (now.Kind == PeriodKind.Month && now.Settled + now.Held > limits.MonthlySpendNanoUsd
            && now.Settled + now.Held > before.Settled + before.Held + overrun)
        {
            Violate($"{now} grew from {before} beyond {limits.MonthlySpendNanoUsd} nano-dollars");
        }
    }

    private List<RecordLine> Counted(CounterLine counter, IReadOnlyCollection<RecordLine> records) =>
    [
        .. records.Where(each => (each.User == counter.Scope || model.IsAbove(counter.Scope))
            && (counter.Kind == PeriodKind.Day ? each.Day : each.Month) == counter.Start),
    ];

    private static CounterLine Sum(CounterLine counter, IReadOnlyCollection<RecordLine> counted) => counter with
    {
        Requests = counted.Count(each => each.Status != UsageStatus.Released),
        Settled = counted.Where(each => each.Status is UsageStatus.Settled or UsageStatus.Expired).Sum(each => each.Cost),
        Held = counted.Where(each => each.Status == UsageStatus.Held).Sum(each => each.Held),
    };

    private void Violate(string violation) => _violations.Add(violation);
}
